"""Face of the program: `grader answers`, from the gradebook to a table and back."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from grader.cli.files import read_file, write_file
from grader.cli.rendering import parts_by_id, write_changed
from grader.errors import UsageError
from grader.export.answers import answers_of, answers_table
from grader.export.marks import read_marks
from grader.gradebook import Gradebook
from grader.messages.words import count
from grader.records import Mark, Part, Run
from grader.sheets import load_sheets, read_late_rule


def export_answers(out: Path, target: Path) -> None:
    """Write the table, and say how many of its answers are to be read.

    Raises UsageError where no answer gets points, and where a table is in the way that holds
    points of its own.
    """
    with Gradebook.read(out) as gradebook:
        run = gradebook.run()
    parts = parts_by_id()
    answers = list(answers_of(run, parts))
    if not answers:
        raise UsageError(
            f"No answer in {out} gets points. Say in sheet.toml, below the question of a part, "
            "what its answer is worth: answer_points = 1.0"
        )
    _require_nothing_lost(target, run, parts)
    # With a byte order mark, else Excel takes it for Windows-1252.
    write_file(target, answers_table(run, parts).encode("utf-8-sig"))
    num_open = sum(answer.mark is None for answer in answers)
    click.echo(f"{count(len(answers), 'answer')} in {target}, {num_open} without points.")
    stale = [answer for answer in answers if answer.is_stale]
    if stale:
        click.echo("To be read again; their points were given to another answer, and stay so far:")
        click.echo("\n".join(f"  {', '.join(answer.key)}" for answer in stale))


def import_answers(out: Path, source: Path) -> None:
    """Take the points of a table, bring the pages up to date, and say what has changed.

    Raises UsageError, with nothing changed, where a row cannot be taken.
    """
    content = read_file(source)
    sheets = load_sheets()
    rule = read_late_rule(out, sheets)
    Gradebook.read(out).close()  # to open a gradebook for writing makes one where there is none
    with Gradebook.open(out) as gradebook:
        run = gradebook.run()
        read = read_marks(content, str(source), run, parts_by_id())
        before = {(g.submission, p.part): p.mark for g in run.grades for p in g.parts}
        changes = {key: mark for key, mark in read.marks.items() if mark != before[key]}
        gradebook.mark(changes)
        gradebook.settle(rule)
        run = write_changed(gradebook, out)
    _tell(changes, before)
    if read.num_open:
        click.echo(f"{count(read.num_open, 'row')} without points: nothing has changed there.")
    click.echo(f"Class page: {out / 'index.html'}")


def _tell(
    changes: Mapping[tuple[str, str], Mark | None], before: Mapping[tuple[str, str], Mark | None]
) -> None:
    new = sum(before[key] is None and mark is not None for key, mark in changes.items())
    click.echo(f"{count(new, 'answer')} marked.")
    for key, mark in changes.items():
        if before[key] is not None:
            click.echo(f"  {', '.join(key)}: {_points(before[key])} -> {_points(mark)}")


def _points(mark: Mark | None) -> str:
    return "no points" if mark is None else f"{mark.points:g} of {mark.max_points:g}"


def _require_nothing_lost(target: Path, run: Run, parts: Mapping[str, Part]) -> None:
    """Raise UsageError where a file is there that is no table, or holds more than the gradebook."""
    if not target.exists():
        return
    known = {answer.key: answer.part.mark for answer in answers_of(run, parts)}
    try:
        marks = read_marks(read_file(target), str(target), run, parts).marks
        holds_more = any(mark != known[key] for key, mark in marks.items())
    except UsageError:
        holds_more = True
    if holds_more:
        raise UsageError(
            f"{target} is there already, and may hold points that were not imported. Import it "
            "first, or name another file."
        )
