"""Telling: other people's CSV files, in which some cells change and no other byte does.

Python's csv module gives values and forgets how they were written. Here every cell keeps its place
in the file, and a new value is put in that place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from grader.errors import UsageError

_SEPARATORS = (",", ";", "\t")
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab"}
_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True)
class Cell:
    """A value, and where it is written: from `start` to `end` of the text, its quotes included."""

    text: str
    start: int
    end: int
    quoted: bool = False


@dataclass(frozen=True)
class Table:
    """A CSV file: its text without byte order mark, and its rows of cells; blank lines are none."""

    text: str
    rows: tuple[tuple[Cell, ...], ...]
    separator: str
    encoding: str
    mark: bytes = b""

    def cell(self, row: int, column: int | None) -> str:
        """The value of a cell without spaces around it; "" for no column and in a short row."""
        if column is None or column >= len(self.rows[row]):
            return ""
        return self.rows[row][column].text.strip()


def read_table(content: bytes, name: str) -> Table:
    """The table in the bytes of a CSV file; raises UsageError, which calls the file `name`.

    UTF-8 and UTF-16, with byte order mark or without, else Windows-1252; separated by commas,
    semicolons or tabs.
    """
    mark, encoding = _encoding(content)
    try:
        text = content[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{name}: byte {error.start + len(mark)} is no text in {encoding}. Give the file as "
            "it was downloaded, or save it as CSV in UTF-8."
        ) from error
    separator = _separator(text)
    rows = _rows(text, separator)
    for row in rows:
        for cell in row:
            if not cell.quoted and cell.text.startswith('"'):
                line = text.count("\n", 0, cell.start) + 1
                raise UsageError(
                    f"{name}, line {line}: a quotation mark is opened and never closed. Give the "
                    "file as it was downloaded."
                )
    if not rows or len(rows[0]) == 1:
        raise UsageError(
            f"{name}: this is no table: its first line has no columns, separated by commas, "
            "semicolons or tabs."
        )
    return Table(text, rows, separator, encoding, mark)


def spliced(table: Table, values: Mapping[tuple[int, int], str]) -> bytes:
    """The bytes of the file with these values at (row, column); all other bytes as they were.

    A value that is there already is not written again. What an old encoding cannot write becomes
    a character reference, as in HTML.
    """
    pieces, done = [], 0
    for row, column in sorted(values):
        cell, value = table.rows[row][column], values[row, column]
        if value != cell.text:
            pieces += [table.text[done : cell.start], _written(value, cell, table.separator)]
            done = cell.end
    text = "".join([*pieces, table.text[done:]])
    return table.mark + text.encode(table.encoding, "xmlcharrefreplace")


def separator_name(table: Table) -> str:
    """What separates the cells, in a word."""
    return _NAMES[table.separator]


def _encoding(content: bytes) -> tuple[bytes, str]:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return mark, encoding
    if b"\0" in content[:2]:  # the header begins with a letter, whose other byte is 0
        return b"", "utf-16-be" if content[:1] == b"\0" else "utf-16-le"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return b"", "cp1252"  # as Excel saves "CSV" in the west
    return b"", "utf-8"


def _separator(text: str) -> str:
    """The separator that gives the header most cells, and many rows as many as the header."""

    def fitness(separator: str) -> float:
        rows = _rows(text, separator)
        if not rows:
            return 0.0
        return len(rows[0]) * sum(len(row) == len(rows[0]) for row in rows) / len(rows)

    return max(_SEPARATORS, key=fitness)


def _rows(text: str, separator: str) -> tuple[tuple[Cell, ...], ...]:
    pattern = re.compile(f'"((?:[^"]|"")*+)"([^{separator}\r\n]*)|([^{separator}\r\n]*)')
    rows: list[tuple[Cell, ...]] = []
    row: list[Cell] = []
    place = 0
    while place < len(text):
        found = pattern.match(text, place)
        assert found is not None  # noqa: S101 - the last alternative takes the empty text, too
        inner, rest, plain = found.groups()
        value = plain if inner is None else inner.replace('""', '"') + rest
        row.append(Cell(value, found.start(), found.end(), quoted=inner is not None))
        place = found.end()
        if text.startswith(separator, place):
            place += 1
            if place < len(text):
                continue
            row.append(Cell("", place, place))
        line_end = _LINE_END.match(text, place)
        place = line_end.end() if line_end else place
        if len(row) > 1 or row[0].end > row[0].start:
            rows.append(tuple(row))
        row = []
    return tuple(rows)


def _written(value: str, cell: Cell, separator: str) -> str:
    """The value in the cell's own manner: quoted if the old one was, or if it has to be."""
    special = {separator, '"', "\r", "\n"} & set(value) or value != value.strip()
    return '"' + value.replace('"', '""') + '"' if cell.quoted or special else value
