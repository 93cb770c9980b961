"""Finding: the marked cells of a notebook (nbformat 3 and 4), as the source of one part each."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from grader.records import Notice
from grader.submissions.kinds import MAX_NOTEBOOK, MAX_SOURCE
from grader.submissions.magics import without_magics

_MARKER = re.compile(r"\s*#+\s*part\s*:(.*)", re.IGNORECASE | re.DOTALL)
# A marker on whatever line; blanks are never given back (++), as in the magics.
_ANY_MARKER = re.compile(r"^[ \t]*+#++[ \t]*+part[ \t]*+:(.*)$", re.IGNORECASE | re.MULTILINE)
# Colab writes the title of a cell above all that is in it.
_FORM = re.compile(r"[ \t]*+#[ \t]*+@(?:title|markdown)\b")
_FUTURE = re.compile(r"^from __future__ import [\w, ]+$", re.MULTILINE)
SHARED = "all"
# Of cells with the same trouble so many are named.
_MAX_NAMED = 5
# What reading the JSON may take: lists and objects, texts, and numbers, with the bytes of each in
# CPython 3.13.
_MAX_OBJECT_BYTES = 400_000_000
_OBJECT_BYTES = {b"[": 64, b"{": 72, b'"': 25, b",": 32}


@dataclass(frozen=True)
class Cell:
    """A code cell; `number` counts all cells of the notebook from 1, as editors do."""

    number: int
    source: str


@dataclass(frozen=True)
class MarkedPart:
    """One part of a notebook, ready to be run, with the cell that holds it."""

    part: str
    cell: int
    code: bytes


@dataclass(frozen=True)
class Notebook:
    """What a notebook gave. `is_marked` says whether any cell carries a marker."""

    parts: tuple[MarkedPart, ...] = ()
    is_marked: bool = False
    notices: tuple[Notice, ...] = ()


def read_notebook(content: bytes, shown: str, part_ids: Collection[str]) -> Notebook:
    """The parts that are marked in it; `shown` is its path in the notices. Never raises."""
    try:
        cells = _code_cells(_parsed(content))
    except _NotebookError as error:
        values = {"path": shown, "reason": error.reason, "error": error.error}
        return Notebook(notices=(Notice("notebook", values),))
    return marked_parts(cells, shown, part_ids)


def marked_parts(cells: Sequence[Cell], shown: str, part_ids: Collection[str]) -> Notebook:
    """The parts that are marked in these code cells; `shown` is their file in the notices."""
    return _Reading(shown, {part.casefold(): part for part in part_ids}).of(cells)


def marker_of(source: str) -> str | None:
    """What the cell's first line marks it as, if it does.

    Blank lines and magics do not count as lines, nor do titles of Colab's.
    """
    for line in without_magics(source[:10_000])[0].splitlines():
        if line.strip() and not _FORM.match(line):
            match = _MARKER.fullmatch(line)
            return match[1].strip() if match else None
    return None


def is_marker(line: str) -> bool:
    """Whether a line marks what follows it as a part, or as shared by all."""
    return _MARKER.fullmatch(line) is not None


class _NotebookError(Exception):
    """Why a file is no notebook: a code, and what Python said where it said something."""

    def __init__(self, reason: str, error: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.error = error


class _Reading:
    """The reading of one notebook's cells."""

    def __init__(self, shown: str, part_ids: dict[str, str]) -> None:
        self._shown = shown
        self._part_ids = part_ids
        self._notices: list[Notice] = []

    def of(self, cells: Sequence[Cell]) -> Notebook:
        """The notebook, from its code cells in their order."""
        shared: list[Cell] = []
        marked: dict[str, list[Cell]] = {}
        unknown: list[tuple[Cell, str]] = []
        below: list[str] = []
        for cell in cells:
            marker = marker_of(cell.source)
            below += islice(self._below(cell, marker), _MAX_NAMED - len(below))
            if marker is None:
                continue
            if marker.casefold() == SHARED:
                shared.append(cell)
            elif marker.casefold() in self._part_ids:
                marked.setdefault(self._part_ids[marker.casefold()], []).append(cell)
            else:
                unknown.append((cell, marker))
        self._unknown(unknown)
        if below:
            self._notice("marker-below", parts=tuple(self._part_ids.values()), places=tuple(below))
        if not marked:
            return Notebook((), bool(shared), tuple(self._notices))
        common = self._cleaned(shared)
        parts = tuple(self._part(part, common, found) for part, found in marked.items())
        return Notebook(parts, is_marked=True, notices=tuple(self._notices))

    def _part(self, part: str, common: list[str], found: list[Cell]) -> MarkedPart:
        last = found[-1]
        if len(found) > 1:
            cells = tuple(str(cell.number) for cell in found)
            self._notice("marked-twice", part=part, cells=cells)
        sources = [*common, *self._cleaned([last])]
        code = _future_first("\n".join(sources)).encode("utf-8", "surrogatepass")
        return MarkedPart(part, last.number, code[: MAX_SOURCE + 1])

    def _unknown(self, found: list[tuple[Cell, str]]) -> None:
        for cell, marker in found[:_MAX_NAMED]:
            parts = tuple(sorted(self._part_ids.values()))
            self._notice("unknown-marker", cell=cell.number, marker=marker, parts=parts)
        if len(found) > _MAX_NAMED:
            self._notice("unknown-markers", more=len(found) - _MAX_NAMED)

    def _below(self, cell: Cell, first: str | None) -> Iterator[str]:
        """Where the cell has markers of other parts, which mark nothing below its first line."""
        line, counted = 1, 0
        for match in _ANY_MARKER.finditer(cell.source):
            part = self._part_ids.get(match[1].strip().casefold())
            if part and part.casefold() != (first or "").casefold():
                line += cell.source.count("\n", counted, match.start())
                counted = match.start()
                yield f"line {line} of cell {cell.number} ({part})"

    def _notice(self, code: str, **values: str | int | tuple[str, ...]) -> None:
        self._notices.append(Notice(code, {"path": self._shown, **values}))

    def _cleaned(self, cells: list[Cell]) -> list[str]:
        """The sources without magics, up to the first with which they are too long to be run."""
        sources: list[str] = []
        length = 0
        for cell in cells:
            source, taken = without_magics(cell.source)
            sources.append(source)
            if taken:
                self._notice("magics", cell=cell.number, lines=taken)
            length += len(source)
            if length > MAX_SOURCE:
                break
        return sources


def _future_first(source: str) -> str:
    """The source with its `from __future__` imports on the first line, before the marker.

    In a notebook each cell may begin with them; in one file they have to come first.
    """
    imports = dict.fromkeys(line.strip() for line in _FUTURE.findall(source))
    return "; ".join(imports) + (" " if imports else "") + _FUTURE.sub("", source)


def _parsed(content: bytes) -> object:
    if len(content) > MAX_NOTEBOOK:
        raise _NotebookError("large")
    # A hundred megabytes of "[],[],[]" would take gigabytes, and the operating system would end the
    # grader.
    if sum(content.count(mark) * size for mark, size in _OBJECT_BYTES.items()) > _MAX_OBJECT_BYTES:
        raise _NotebookError("values")
    if not content.strip():
        raise _NotebookError("empty")
    try:
        return json.loads(content)
    except json.JSONDecodeError as error:
        raise _NotebookError("json", str(error)) from None
    except UnicodeDecodeError:
        raise _NotebookError("utf-8") from None
    except ValueError:
        raise _NotebookError("number") from None
    except RecursionError:
        raise _NotebookError("deep") from None
    except MemoryError:
        raise _NotebookError("memory") from None


def _code_cells(document: object) -> list[Cell]:
    if not isinstance(document, dict):
        raise _NotebookError("no-object")
    # nbformat 4 keeps its cells at the top, nbformat 2 and 3 in worksheets.
    sheets = [document] if "cells" in document else document.get("worksheets")
    if not isinstance(sheets, list):
        raise _NotebookError("no-cells")
    cells = enumerate((cell for sheet in sheets for cell in _cells_of(sheet)), start=1)
    return [
        Cell(number, _text(cell.get("source", cell.get("input"))))
        for number, cell in cells
        if cell.get("cell_type") == "code"
    ]


def _cells_of(sheet: object) -> Iterator[dict[str, object]]:
    cells = sheet.get("cells") if isinstance(sheet, dict) else None
    for cell in cells if isinstance(cells, list) else []:
        yield cell if isinstance(cell, dict) else {}


def _text(source: object) -> str:
    """The text of a cell, which is one string or a list of lines."""
    lines = source if isinstance(source, list) else [source]
    text = "".join(line for line in lines if isinstance(line, str))
    return text.replace("\r\n", "\n").replace("\r", "\n")[: MAX_SOURCE + 1]
