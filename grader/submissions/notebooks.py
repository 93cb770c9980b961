"""Finding: the marked cells of a notebook (nbformat 3 and 4), as the source of one part each."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from grader.submissions.kinds import MAX_NOTEBOOK, MAX_SOURCE
from grader.submissions.magics import without_magics
from grader.submissions.wording import counted, listed, printable

_MARKER = re.compile(r"\s*#+\s*part\s*:\s*(.*?)\s*", re.IGNORECASE)
_FUTURE = re.compile(r"^from __future__ import [\w, ]+$", re.MULTILINE)
_SHARED = "all"
# What reading the JSON may take: lists and objects, texts, and numbers, with the bytes of each in
# CPython 3.13.
_MAX_OBJECT_BYTES = 1_000_000_000
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
    notices: tuple[str, ...] = ()


def read_notebook(content: bytes, shown: str, part_ids: Collection[str]) -> Notebook:
    """The parts that are marked in it; `shown` is its path in the notices. Never raises."""
    shown = printable(shown)
    try:
        cells = _code_cells(_parsed(content))
    except _NotebookError as error:
        return Notebook(notices=(f"{shown} could not be read as a notebook: {error}.",))
    return _Reading(shown, {part.casefold(): part for part in part_ids}).of(cells)


class _NotebookError(Exception):
    """Why a file is no notebook, as the end of a sentence."""


class _Reading:
    """The reading of one notebook's cells."""

    def __init__(self, shown: str, part_ids: dict[str, str]) -> None:
        self._shown = shown
        self._part_ids = part_ids
        self._notices: list[str] = []

    def of(self, cells: list[Cell]) -> Notebook:
        """The notebook, from its code cells in their order."""
        shared: list[Cell] = []
        marked: dict[str, list[Cell]] = {}
        for cell in cells:
            marker = _marker(cell.source)
            if marker is None:
                continue
            if marker.casefold() == _SHARED:
                shared.append(cell)
            elif marker.casefold() in self._part_ids:
                marked.setdefault(self._part_ids[marker.casefold()], []).append(cell)
            else:
                self._unknown(cell, marker)
        parts = tuple(self._part(part, shared, found) for part, found in marked.items())
        used = {cell.number: cell for cell in shared} if parts else {}
        used |= {found[-1].number: found[-1] for found in marked.values()}
        for number in sorted(used):
            self._magics(used[number])
        return Notebook(parts, bool(marked or shared), tuple(self._notices))

    def _part(self, part: str, shared: list[Cell], found: list[Cell]) -> MarkedPart:
        last = found[-1]
        if len(found) > 1:
            numbers = ", ".join(str(cell.number) for cell in found)
            self._notices.append(
                f"{self._shown}: the cells {numbers} are all marked as {part}; "
                f"the last one, cell {last.number}, counts."
            )
        sources = (without_magics(cell.source)[0] for cell in (*shared, last))
        code = _future_first("\n".join(sources)).encode("utf-8", "surrogatepass")
        return MarkedPart(part, last.number, code[: MAX_SOURCE + 1])

    def _unknown(self, cell: Cell, marker: str) -> None:
        self._notices.append(
            f"{self._shown}, cell {cell.number}: it is marked as {printable(marker) or 'nothing'}, "
            f"which is no part. Parts are: {listed(sorted(self._part_ids.values()), 20)}."
        )

    def _magics(self, cell: Cell) -> None:
        taken = without_magics(cell.source)[1]
        if taken:
            self._notices.append(
                f"{self._shown}, cell {cell.number}: left out {counted(len(taken), 'line')} "
                f"meant for the notebook, not for Python: {listed(taken)}."
            )


def _future_first(source: str) -> str:
    """The source with its `from __future__` imports on the first line, before the marker.

    In a notebook each cell may begin with them; in one file they have to come first.
    """
    imports = dict.fromkeys(line.strip() for line in _FUTURE.findall(source))
    return "; ".join(imports) + (" " if imports else "") + _FUTURE.sub("", source)


def _marker(source: str) -> str | None:
    """What the first line that is neither blank nor a magic marks the cell as, if it does."""
    for line in without_magics(source[:10_000])[0].splitlines():
        if line.strip():
            match = _MARKER.fullmatch(line)
            return match[1] if match else None
    return None


def _parsed(content: bytes) -> object:
    if len(content) > MAX_NOTEBOOK:
        raise _NotebookError(f"it is larger than {MAX_NOTEBOOK // 1024**2} MB")
    # A hundred megabytes of "[],[],[]" would take gigabytes, and the operating system would end the
    # grader.
    if sum(content.count(mark) * size for mark, size in _OBJECT_BYTES.items()) > _MAX_OBJECT_BYTES:
        raise _NotebookError("it holds too many single values")
    if not content.strip():
        raise _NotebookError("it is empty")
    try:
        return json.loads(content)
    except json.JSONDecodeError as error:
        raise _NotebookError(f"broken JSON, {error}") from None
    except UnicodeDecodeError:
        raise _NotebookError("broken JSON, the text is not UTF-8") from None
    except ValueError:
        raise _NotebookError("broken JSON, a number is too long") from None
    except RecursionError:
        raise _NotebookError("its JSON is nested too deeply") from None
    except MemoryError:
        raise _NotebookError("it needs too much memory") from None


def _code_cells(document: object) -> list[Cell]:
    if not isinstance(document, dict):
        raise _NotebookError("its JSON is no object")
    # nbformat 4 keeps its cells at the top, nbformat 2 and 3 in worksheets.
    sheets = [document] if "cells" in document else document.get("worksheets")
    if not isinstance(sheets, list):
        raise _NotebookError("it has no cells")
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
