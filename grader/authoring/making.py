"""Authoring, all steps: from a pasted summary to a part, or to what the author has to add."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from grader.architecture import ReplyError
from grader.architecture.refusals import TooLargeError
from grader.authoring.adapted import Adapted, adapted
from grader.authoring.assumed import assumed_architecture
from grader.authoring.channels import moved
from grader.authoring.first_row import possible_inputs
from grader.authoring.neutral import INPUT
from grader.authoring.printing import summary_text
from grader.authoring.solving import Plan, solved, unprinted
from grader.authoring.unsolved import UnsolvedError
from grader.errors import SummaryError
from grader.records import Architecture, Row, Shape, Summary
from grader.sheets.reading import read_text
from grader.summary import Told, read_summary, told_beside

# Of a text without these everything but the table is what people type around one.
_MARKUP = ("<", "{", "\x1b", "|", "`")


@dataclass(frozen=True)
class Made:
    """A solved table, its text as it is to be kept, and what the author is to be told."""

    plan: Plan
    table: str
    architecture: Architecture
    changes: tuple[str, ...]
    other_inputs: tuple[Shape, ...]


def make(file: Path, input_shape: Shape | None, usual: Shape | None = None) -> Made:
    """The table of the file, solved. `input_shape` is the author's word for what goes in.

    `usual` is taken where it fits and the author said nothing. Raises SummaryError with file, line
    and column of what is missing or cannot be.
    """
    text = read_text(file, "Give the file that holds the printed summary.")
    try:
        summary, told = read_summary(text), told_beside(text)
    except SummaryError as error:
        raise SummaryError(f"{file}, {error} Mend this line, or print the summary anew.") from None
    where = {
        row.name: f"{file}, line {line}, column {column}"
        for row, (line, column) in reversed(list(zip(summary.rows, told.places, strict=True)))
    }
    try:
        _refuse_shapeless(summary)
        table = adapted(summary)
        inputs = _inputs(table, input_shape, usual)
        plan = _solved_first(table, inputs, told)
        return _made(plan, text, table, inputs)
    except UnsolvedError as error:
        raise SummaryError(f"{where.get(error.row, file)}: {error}.") from None


def _refuse_shapeless(summary: Summary) -> None:
    """Raise UnsolvedError where hardly a row has a shape, as of a model that is a class."""
    without = [row for row in summary.rows if row.shape is None and row.params is not None]
    if len(without) > 1 and 2 * len(without) > len(summary.rows):
        raise UnsolvedError(
            without[0].name,
            "most rows have no shape, as where a model is a class of one's own. Write the same "
            "layers as keras.Sequential or keras.Model(inputs, outputs), and print that one's "
            "summary",
        )


def _inputs(table: Adapted, given: Shape | None, usual: Shape | None) -> tuple[Shape, ...]:
    """Input shapes to try, in this order."""
    rows = table.summary.rows
    printed = [row for row in rows if row.layer == INPUT and row.shape is not None]
    if printed:
        return ((printed[0].shape or ())[1:],)
    if given is not None:
        # As it was printed, or as it stands in the table now.
        turned = (moved((None, *given)) or ())[1:] if table.turned else given
        return tuple(dict.fromkeys((given, turned)))
    first = rows[0]
    if first.shape is None:
        raise UnsolvedError(first.name, unprinted(first))
    possible = possible_inputs(first)
    if usual is not None and usual in possible:
        possible = (usual, *(shape for shape in possible if shape != usual))
    hidden = [shape for shape in possible if None in shape and first.shape is not None]
    if not possible or (hidden and None not in (first.shape or ())[1:]):
        raise UnsolvedError(first.name, _asked(first, possible))
    return possible


def _asked(first: Row, possible: tuple[Shape, ...]) -> str:
    """What is to be said about the input that the first row cannot show."""
    if possible:
        sizes = ",".join("STEPS" if size is None else str(size) for size in possible[0])
        return (
            f"the summary does not show how many steps of time go into {first.name!r}. Give them "
            f"with --input-shape {sizes} (0 for any number)"
        )
    return (
        f"the summary does not show what goes into {first.name!r}. Give its shape, without the "
        "batch, with --input-shape, such as --input-shape 28,28,1"
    )


def _solved_first(table: Adapted, inputs: tuple[Shape, ...], told: Told) -> Plan:
    """The solution for the first input that has one. Raises the first's UnsolvedError."""
    errors = []
    for shape in inputs[:8]:
        try:
            return solved(_with_input(table.summary, shape), shape, told)
        except UnsolvedError as error:
            errors.append(error)
    raise errors[0]


def _with_input(summary: Summary, shape: Shape) -> Summary:
    """The summary with a row for an input that has open axes, which no other row would show."""
    if None not in shape or any(row.layer == INPUT for row in summary.rows):
        return summary
    row = Row(INPUT, (None, *shape), 0, "input")
    return replace(summary, rows=(row, *(_fed_by(one, row.name) for one in summary.rows)))


def _fed_by(row: Row, name: str) -> Row:
    """The row, fed by that input where Keras 1 names one that it leaves out of the table."""
    connections = [f"{name}[0][0]" if "_input" in c else c for c in row.connections]
    return replace(row, connections=tuple(connections))


def _made(plan: Plan, text: str, table: Adapted, inputs: tuple[Shape, ...]) -> Made:
    try:
        architecture = assumed_architecture(plan)
    except (ReplyError, TooLargeError) as error:
        last = plan.steps[-1].step.row.name
        raise UnsolvedError(last, f"the layers do not make a network: {error}") from None
    changes = list(table.changes)
    if len(plan.summary.rows) > len(table.summary.rows):
        changes.append("its input has a row of its own, since it has an open axis")
    as_pasted = not changes and not any(mark in text for mark in _MARKUP)
    if not as_pasted and not changes:
        changes.append("only the table is kept of the text around it")
    kept = text if as_pasted else summary_text(plan.summary)
    others = tuple(shape for shape in inputs if shape != plan.input_shape)
    return Made(plan, kept, architecture, tuple(changes), others)
