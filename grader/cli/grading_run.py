"""Face of the program: one run of `grader grade`, from paths to pages and an exit code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
from rich.console import Console

from data import DataSet
from grader import __version__, messages
from grader.batch import Batch, Options
from grader.cli.loading import load_data
from grader.cli.progress import listener_for
from grader.errors import UsageError
from grader.export.results_json import write_results
from grader.gradebook.sharing import with_sharing
from grader.grading import require_fitting
from grader.records import DataFacts, Grade, Outcome, Part, Run, Sheet, Submission
from grader.report.images import Album
from grader.report.terminal import student_summary
from grader.report.writing import write_class_page, write_student_page
from grader.sandbox.rungs import means, require_confinement, sentence
from grader.sheets import find_part, load_sheets, with_calibrations
from grader.submissions import EXPECTED, Found, find_submissions
from grader.text import printable_name
from grader.training.key import versions

ALL_PASSED, NOT_ALL_PASSED, GRADER_FAILED = 0, 1, 3


@dataclass(frozen=True)
class Request:
    """What was asked for on the command line."""

    paths: tuple[Path, ...]
    out: Path
    data: Path | None
    num_workers: int
    sheets: tuple[str, ...]
    parts: tuple[str, ...]
    with_training: bool
    fresh: bool
    quiet: bool
    unconfined: bool = False
    roster: Path | None = None


def run(request: Request) -> int:
    """Grade, write everything, and return the exit code. Raises UsageError for a wrong call."""
    confinement = means()
    if not request.unconfined:
        require_confinement(confinement)
    sheets = load_sheets()
    all_parts = [part for sheet in sheets for part in sheet.parts]
    found = find_submissions(
        request.paths,
        [part.id for part in all_parts],
        sheet_ids=[sheet.id for sheet in sheets],
        stubs={part.id: part.stub.read_bytes() for part in all_parts},
    )
    told = messages.notice_messages(found.notices)
    if not found.submissions:
        where = ", ".join(printable_name(str(path)) for path in request.paths)
        raise UsageError(" ".join([f"Nothing to grade in {where}.", *told, EXPECTED]))
    parts = with_calibrations(choose_parts(sheets, found.submissions, request), request.data)
    data = load_data(request.data)
    if request.with_training:
        require_fitting(parts, data.x_train.shape[1:], len(data.names))
    _make_folder(request.out)
    _say(request, *told, *_without_threshold(parts, data, request))
    options = Options(
        data_path=request.data,
        data_sha256=data.sha256,
        num_workers=request.num_workers,
        with_training=request.with_training,
        fresh=request.fresh,
    )
    by_id = {part.id: part for part in parts}
    pages = _Pages(request.out, by_id, data, sentence(confinement))
    with (
        listener_for(len(found.submissions), request.out, quiet=request.quiet) as listener,
        Batch(parts, options, listener) as batch,
    ):
        grades = [pages.student(grade) for grade in batch.run(found.submissions)]
    index = pages.finish(grades)
    if not request.quiet:
        _tell(grades, by_id, index, found)
    return _exit_code(grades, single=found.single)


def choose_parts(
    sheets: Sequence[Sheet], submissions: Sequence[Submission], request: Request
) -> list[Part]:
    """Parts asked for, else those of all sheets of which anyone handed in a part.

    Raises UsageError for a sheet or part that there is not.
    """
    if request.parts or request.sheets:
        known = {sheet.id: sheet for sheet in sheets}
        unknown = [name for name in request.sheets if name not in known]
        if unknown:
            raise UsageError(
                f"There is no sheet '{unknown[0]}'. The sheets are {', '.join(known)}."
            )
        wanted = {part.id for name in request.sheets for part in known[name].parts}
        wanted |= {find_part(sheets, name).id for name in request.parts}
    else:
        handed_in = {part for submission in submissions for part in submission.sources}
        touched = [s for s in sheets if handed_in & {part.id for part in s.parts}] or sheets
        wanted = {part.id for sheet in touched for part in sheet.parts}
    return [part for sheet in sheets for part in sheet.parts if part.id in wanted]


def _without_threshold(parts: Sequence[Part], data: DataSet, request: Request) -> list[str]:
    """What is to be said where the accuracy cannot be checked."""
    names = [part.id for part in parts if part.calibration_for(data.sha256) is None]
    if not names or not request.with_training:
        return []
    option = "" if request.data is None else f" --data {request.data}"
    sentence = (
        f"No accuracy threshold has been measured on the data set '{data.name}' for "
        f"{', '.join(names)}: their accuracy is shown and takes no points. "
        f"`grader calibrate{option}` measures one."
    )
    return [sentence]


def _make_folder(out: Path) -> None:
    """Make the folder of the results before any work is done; raises UsageError."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"{out}: no folder can be made here ({error.strerror}). Name another with -o."
        ) from error


class _Pages:
    """The folder of a run, written as results come in."""

    def __init__(self, out: Path, parts: Mapping[str, Part], data: DataSet, sandbox: str) -> None:
        self._out = out
        self._parts = parts
        self._facts = DataFacts(data.name, data.sha256, data.names)
        self._album = Album(data.x_test)
        self._sandbox = sandbox

    def student(self, grade: Grade) -> Grade:
        write_student_page(grade, self._run([grade]), self._out, self._parts, self._album)
        return grade

    def finish(self, grades: Sequence[Grade]) -> Path:
        """Write the rest, with the final counts of shared trainings; the class page's path."""
        known = {grade.submission: grade for grade in grades}
        final = self._run(sorted(with_sharing(grades), key=lambda grade: grade.submission))
        for grade in final.grades:
            if grade != known[grade.submission]:
                write_student_page(grade, final, self._out, self._parts, self._album)
        write_results(final, self._out / "results.json")
        return write_class_page(final, self._out, self._parts)

    def _run(self, grades: Sequence[Grade]) -> Run:
        return Run(__version__, self._facts, versions(), self._sandbox, tuple(grades))


def _tell(grades: Sequence[Grade], parts: Mapping[str, Part], index: Path, found: Found) -> None:
    """The closing words: a single submission in full, a class in one line."""
    if found.single:
        Console(highlight=False).print(student_summary(grades[0], parts))
        click.echo(f"Report: {index.parent / grades[0].report}")
    passed = sum(_all_passed(grade) for grade in grades)
    click.echo(f"{len(grades)} graded, {passed} with all parts passed. Class page: {index}")


def _all_passed(grade: Grade) -> bool:
    return all(part.outcome is Outcome.PASSED for part in grade.parts)


def _exit_code(grades: Sequence[Grade], *, single: bool) -> int:
    outcomes = {part.outcome for grade in grades for part in grade.parts}
    if Outcome.GRADER_ERROR in outcomes:
        return GRADER_FAILED
    return NOT_ALL_PASSED if single and outcomes != {Outcome.PASSED} else ALL_PASSED


def _say(request: Request, *lines: str) -> None:
    if not request.quiet:
        for line in lines:
            click.echo(line)
