"""Face of the program: one run of `grader export`, from a gradebook to files and an exit code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from grader.cli.files import read_file, write_file
from grader.errors import GraderError, UsageError
from grader.export import canvas, classroom, gradescope, moodle
from grader.export.csv_table import csv_table
from grader.export.junit import junit
from grader.export.packing import zipped
from grader.export.results_json import results_text
from grader.export.scaling import scaled
from grader.export.worksheets import (
    Filled,
    is_certain,
    partly_marked,
    uncertain,
    without_training,
)
from grader.gradebook import Gradebook
from grader.messages.words import count
from grader.records import Grade, Run
from grader.sheets import load_sheets

ALL_PLACED, SOME_LEFT = 0, 1
_WORKSHEETS = ("moodle", "canvas")


@dataclass(frozen=True)
class Request:
    """What was asked for on the command line."""

    format: str
    out: Path
    target: Path
    worksheet: Path | None = None
    feedback: Path | None = None
    out_of: float | None = None


def run(request: Request) -> int:
    """Write the file, say who is not in it, and return the exit code.

    Raises UsageError for a wrong call; nothing is written then.
    """
    _check(request)
    with Gradebook.read(request.out) as gradebook:
        graded = gradebook.run()
    if not graded.grades:
        raise UsageError(f"{request.out} holds no grades: its submissions have been removed.")
    if without_training(graded):
        _warn(["Graded with --no-train: the points of trainings are missing from these grades."])
    _warn(
        f"{part}: {count(number, 'answer')} without points yet, which count neither for the score "
        "nor for the maximum."
        for part, number in partly_marked(graded).items()
    )
    if request.format in _WORKSHEETS:
        return _fill(request, graded)
    graded = scaled(graded, request.out_of)
    if request.format == "gradescope":
        return _gradescope(request, graded)
    write_file(request.target, _content(request, graded))
    click.echo(f"{count(len(graded.grades), 'submission')} in {request.target}.")
    left = [uncertain(grade) for grade in graded.grades if not is_certain(grade)]
    _warn(left)
    return SOME_LEFT if left else ALL_PLACED


def _check(request: Request) -> None:
    """Raise UsageError for options that do not fit together."""
    takes_worksheet = request.format in _WORKSHEETS
    if takes_worksheet and request.worksheet is None:
        raise UsageError(
            f"`grader export {request.format}` fills in the file that you download there: name it "
            f"with --worksheet. docs/export.md says where it is found."
        )
    if request.worksheet is not None and not takes_worksheet:
        raise UsageError(f"--worksheet goes with moodle and canvas, not with {request.format}.")
    if request.feedback is not None and request.format != "moodle":
        raise UsageError(f"--feedback goes with moodle, not with {request.format}.")
    named = [
        path.resolve() for path in (request.target, request.feedback, request.worksheet) if path
    ]
    if len(set(named)) < len(named):
        raise UsageError(
            "-o, --feedback and --worksheet name one file twice. Give each another name, so that "
            "your download stays as it was."
        )


def _content(request: Request, graded: Run) -> bytes:
    """The file of a format that is one file, made of the grades alone."""
    match request.format:
        case "classroom":
            grade = _single(request, graded)
            as_json = request.target.suffix == ".json"
            text = classroom.runner_result(grade) if as_json else classroom.output_line(grade)
            return text.encode()
        case "csv":
            return csv_table(graded).encode("utf-8-sig")  # else Excel takes it for Windows-1252
        case "junit":
            return junit(graded)
        case "json":
            return results_text(graded).encode()
    raise AssertionError(request.format)


def _fill(request: Request, graded: Run) -> int:
    """Fill in a worksheet of Moodle's or Canvas'."""
    assert request.worksheet is not None  # noqa: S101 - checked above
    content, source = read_file(request.worksheet), str(request.worksheet)
    pages: dict[str, bytes] = {}
    if request.format == "moodle":
        exported = moodle.fill(content, graded, request.out_of, source)
        filled = exported.worksheet
        if request.feedback is not None:
            pages = _pages(request.out, graded.grades, exported.folders)
    else:
        filled = canvas.fill(content, graded, request.out_of, source, _titles(graded))
    write_file(request.target, filled.content)
    if request.feedback is not None:
        write_file(request.feedback, zipped(pages))
        click.echo(f"{count(len(pages), 'page')} in {request.feedback}.")
    return _tell(request, filled)


def _tell(request: Request, filled: Filled) -> int:
    for line in filled.told:
        click.echo(line)
    click.echo(f"{count(filled.num_grades, 'grade')} in {request.target}.")
    if filled.without:
        _warn([f"{len(filled.without)} in the worksheet handed in nothing and stay as they were:"])
        _warn(f"  {name}" for name in filled.without)
    if not filled.left:
        return ALL_PLACED
    _warn([f"{len(filled.left)} could not be entered and are left to you:"])
    _warn(f"  {reason}" for reason in filled.left)
    return SOME_LEFT


def _gradescope(request: Request, graded: Run) -> int:
    """One results.json, or a zip with one for each submission that was graded without trouble."""
    if request.target.suffix == ".json":
        grade = _single(request, graded)
        if not is_certain(grade):
            raise GraderError(uncertain(grade))
        write_file(request.target, gradescope.results(grade).encode())
        return ALL_PLACED
    if request.target.suffix != ".zip":
        raise UsageError(
            f"-o {request.target}: `grader export gradescope` writes a .json file for a single "
            "submission, or a .zip with one for each."
        )
    certain = [grade for grade in graded.grades if is_certain(grade)]
    results = {f"{g.submission}/results.json": gradescope.results(g).encode() for g in certain}
    write_file(request.target, zipped(results))
    click.echo(f"{count(len(results), 'submission')} in {request.target}.")
    left = [uncertain(grade) for grade in graded.grades if not is_certain(grade)]
    _warn(left)
    return SOME_LEFT if left else ALL_PLACED


def _single(request: Request, graded: Run) -> Grade:
    if len(graded.grades) != 1:
        raise UsageError(
            f"{request.out} holds {len(graded.grades)} submissions, and this file takes one. Grade "
            "the one into a folder of its own: `grader grade PATH -o FOLDER`."
        )
    return graded.grades[0]


def _pages(
    out: Path, grades: Sequence[Grade], folders: Mapping[str, tuple[str, ...]]
) -> dict[str, bytes]:
    """The students' pages by their paths in the zip."""
    pages = {}
    for grade in grades:
        for folder in folders.get(grade.submission, ()):
            path = out / grade.report
            if not path.is_file():
                raise UsageError(f"{path} is missing. `grader report {out}` writes the pages anew.")
            pages[f"{folder}/{moodle.PAGE}"] = path.read_bytes()
    return pages


def _titles(graded: Run) -> set[str]:
    """What an assignment of these parts may be called: its sheet's id or title, or a part's id."""
    parts = {part.part for grade in graded.grades for part in grade.parts}
    sheets = [s for s in load_sheets() if any(part.id in parts for part in s.parts)]
    return {name for sheet in sheets for name in (sheet.id, sheet.title)} | parts


def _warn(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line, err=True)
