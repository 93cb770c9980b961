"""What every format is read from and read into: numbered lines, and a table that remembers them."""

from __future__ import annotations

from dataclasses import dataclass

from grader.errors import SummaryError
from grader.records import Row, Totals

_SHOWN_LENGTH = 160


@dataclass(frozen=True)
class Line:
    """A line that is not blank, without the blanks around it; lines are counted from 1."""

    number: int
    text: str


@dataclass(frozen=True)
class PrintedRow:
    """A row and the line that it begins on."""

    line: Line
    row: Row


@dataclass(frozen=True)
class Table:
    """What a format reads off a text: rows and totals, each with the line it stands on."""

    rows: tuple[PrintedRow, ...]
    totals: Totals
    totals_line: Line


def lines_of(text: str) -> tuple[Line, ...]:
    """The lines of `text` that are not blank."""
    numbered = (Line(number, line.strip()) for number, line in enumerate(text.split("\n"), start=1))
    return tuple(line for line in numbered if line.text)


def misread(line: Line, expected: str) -> SummaryError:
    """The error for a line that is not what was `expected` at its place."""
    return SummaryError(f"line {line.number}: found {shown(line.text)}, expected {expected}.")


def ended(lines: tuple[Line, ...], expected: str) -> SummaryError:
    """The error for a text that stops where something more was `expected`."""
    if not lines:
        return SummaryError(f"line 1: the text is empty, expected {expected}.")
    last = lines[-1]
    return SummaryError(
        f"line {last.number}: the text ends after {shown(last.text)}, expected {expected}."
    )


def shown(text: str) -> str:
    """`text` in quotes, escaped where not printable; the end of a long one is only counted."""
    cut = len(text) - _SHOWN_LENGTH
    return f"{text!r}" if cut <= 0 else f"{text[:_SHOWN_LENGTH]!r} and {cut} more characters"
