"""What every layout is read from and into: lines that know where they stood, rows, a table."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from grader.errors import SummaryError
from grader.records import Row, Totals

_SHOWN_LENGTH = 160


@dataclass(frozen=True)
class Piece:
    """Some text of a summary and where it begins; lines and columns are counted from 1."""

    text: str
    number: int
    column: int


@dataclass(frozen=True)
class Mark:
    """From `offset` on a line's text stood at this place of what was given."""

    offset: int
    number: int
    column: int


@dataclass(frozen=True)
class Line:
    """A line that is not blank, without what carried it; `marks` say where its text stood."""

    text: str
    marks: tuple[Mark, ...]

    def piece(self, start: int = 0, end: int | None = None) -> Piece:
        """The text from `start` to `end` without the blanks around it."""
        text = self.text[start:end]
        start += len(text) - len(text.lstrip())
        mark = self.marks[max(bisect_right(self.marks, start, key=lambda m: m.offset) - 1, 0)]
        return Piece(text.strip(), mark.number, mark.column + start - mark.offset)

    def part(self, start: int, end: int) -> Line:
        """The text from `start` to `end` as a line of its own."""
        at = max(bisect_right(self.marks, start, key=lambda m: m.offset) - 1, 0)
        first = self.marks[at]
        begins = Mark(0, first.number, first.column + start - first.offset)
        later = (m for m in self.marks[at + 1 :] if m.offset < end)
        moved = (Mark(m.offset - start, m.number, m.column) for m in later)
        return Line(self.text[start:end].rstrip(), (begins, *moved))

    def blanked(self, start: int, end: int) -> Line:
        """The line with blanks from `start` to `end`, everything else at its place."""
        blanks = " " * len(self.text[start:end])
        return Line(f"{self.text[:start]}{blanks}{self.text[end:]}", self.marks)


@dataclass(frozen=True)
class Cells:
    """What a layout finds in one row, joined where it was wrapped.

    `connected` has a piece for each line that says something. `depth` counts the networks around
    the row that are printed with it.
    """

    label: Piece
    shape: Piece
    params: Piece
    connected: tuple[Piece, ...] = ()
    trainable: Piece | None = None
    depth: int = 0


@dataclass(frozen=True)
class PrintedRow:
    """A row, the place of its name, whether that was cut, and whether its weights are frozen.

    The last is known where there is a column 'Trainable'. `classes` are those that a cut one may
    be, where it may be several; `count_begins` are the first digits of a count that was cut.
    """

    label: Piece
    row: Row
    cut: bool = False
    frozen: bool = False
    classes: tuple[str, ...] = ()
    count_begins: str = ""


@dataclass(frozen=True)
class Table:
    """What is read off a text: rows and totals; `model` is its name where it was printed.

    `masking` are the names of layers whose masks had rows, which are left out.
    """

    rows: tuple[PrintedRow, ...]
    totals: Totals
    totals_place: Piece
    has_connections: bool
    model: str | None
    masking: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Told:
    """What a summary says of its layers, beside the rows.

    `places` are line and column of the rows, in their order. `masking`: behind these it prints the
    rows of a mask, which are left out. `frozen`: the column 'Trainable' says that these are not.
    """

    places: tuple[tuple[int, int], ...] = ()
    masking: frozenset[str] = frozenset()
    frozen: frozenset[str] = frozenset()


def joined(pieces: Sequence[Piece], between: str) -> Piece:
    """The pieces of a wrapped cell as one, which begins where the first does."""
    filled = [piece for piece in pieces if piece.text] or list(pieces[:1])
    text = between.join(piece.text for piece in filled)
    return Piece(text, filled[0].number, filled[0].column)


def misread(piece: Piece, expected: str) -> SummaryError:
    """The error for a text that is not what was `expected` at its place."""
    place = f"line {piece.number}, column {piece.column}"
    return SummaryError(f"{place}: found {shown(piece.text)}, expected {expected}.")


def ended(lines: Sequence[Line], expected: str) -> SummaryError:
    """The error for a text that stops where something more was `expected`."""
    if not lines:
        return SummaryError(f"line 1: the text is empty, expected {expected}.")
    last = lines[-1].piece()
    return SummaryError(
        f"line {last.number}: the text ends after {shown(last.text)}, expected {expected}."
    )


def shown(text: str) -> str:
    """`text` in quotes, escaped where not printable; the end of a long one is only counted."""
    cut = len(text) - _SHOWN_LENGTH
    return f"{text!r}" if cut <= 0 else f"{text[:_SHOWN_LENGTH]!r} and {cut} more characters"
