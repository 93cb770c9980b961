"""Face of the program: which cells of the notebook were run, and the source that they give a part.

The function that a cell defined is never asked what it does: only where it was written.
"""

from __future__ import annotations

import functools
import inspect
import linecache
import sys
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.records import Notice, Source
from grader.submissions import SHARED, Cell, marked_parts, marker_of, source_in

if TYPE_CHECKING:
    from IPython.core.interactiveshell import ExecutionResult, InteractiveShell

_SHOWN = "this notebook"


class RunCells:
    """The cells that the kernel has run, from IPython's own history."""

    def __init__(self, shell: InteractiveShell) -> None:
        """Begins to note which cell a run is of, where the notebook's program says it."""
        self._shell = shell
        self._ids: dict[int, str] = {}
        self._failed: set[int] = set()
        shell.events.register("post_run_cell", self._ended)

    def source(
        self, part: str, build_model: object, part_ids: Collection[str]
    ) -> tuple[Source, tuple[Notice, ...]]:
        """The text that is graded when the notebook is handed in as it was run; and notices.

        Raises UsageError where there is none, or where `build_model` was written elsewhere.
        """
        runs = [cell for cell in self._runs() if _is_marked(cell, part)]
        if not runs:
            raise UsageError(
                f'No cell that was run begins with the line "# part: {part}". Run that cell, and '
                "then this one again; the line has to be the first of the cell with your "
                "build_model."
            )
        self._require_own(part, build_model, runs)
        notebook = marked_parts([*self._shared(), runs[-1]], _SHOWN, part_ids)
        marked = next(found for found in notebook.parts if found.part == part)
        shown = f"cell [{marked.cell}]"
        try:
            source = source_in(Path.cwd(), part, shown, marked.code)
        except OSError:
            source = Source(part, shown, marked.code)
        return source, notebook.notices

    def _runs(self) -> Iterator[Cell]:
        """All that was run, in its order, each with its number in `In [..]`."""
        history = self._shell.history_manager
        for number, text in enumerate(history.input_hist_raw if history else ()):
            yield Cell(number, text)

    def _shared(self) -> list[Cell]:
        """The cells that all parts share, in the order of their first run, as they were run last.

        Where a run is of no cell that is known, each text is a cell of its own, and one that failed
        is taken for an earlier state of another.
        """
        latest: dict[str, Cell] = {}
        for cell in self._runs():
            cell_id = self._ids.get(cell.number)
            if _is_marked(cell, SHARED) and (cell_id or cell.number not in self._failed):
                latest[cell_id or cell.source] = cell
        texts = {cell.source: cell for cell in latest.values()}
        return list(texts.values())

    def _require_own(self, part: str, build_model: object, runs: Collection[Cell]) -> None:
        """Raises UsageError where it is known that the function is not of one of these cells."""
        if not callable(build_model):
            raise UsageError(
                f"{part}: the second argument is {type(build_model).__name__}, expected the "
                "function build_model itself, without brackets behind it."
            )
        lines = _lines_around(build_model)
        if not lines or any(self._is_of(lines, cell) for cell in runs):
            return
        others = (cell for cell in self._runs() if marker_of(cell.source))
        other = next((cell for cell in others if self._is_of(lines, cell)), None)
        if other is not None:
            raise UsageError(
                f'build_model is that of the cell "# part: {marker_of(other.source)}", which was '
                f'run last. Run the cell "# part: {part}" again, and then this one.'
            )
        raise UsageError(
            f'build_model was not written in the cell "# part: {part}", and only that cell is '
            "graded. Move the function there, run that cell, and then this one again."
        )

    def _is_of(self, lines: list[str], cell: Cell) -> bool:
        """Whether this is the text that Python was given for the cell."""
        with suppress(SyntaxError):
            given: str = self._shell.transform_cell(cell.source)
            return given.rstrip().splitlines() == lines
        return False

    def _ended(self, result: ExecutionResult) -> None:
        number = result.execution_count
        if number is None:
            return
        # IPython 7, which Colab has, knows no ids of cells.
        cell_id = getattr(result.info, "cell_id", None)
        if cell_id:
            self._ids[number] = cell_id
        if not result.success:
            self._failed.add(number)


@functools.cache
def run_cells() -> RunCells | None:
    """Those of the notebook that this process is the kernel of; None outside of notebooks."""
    # Where nobody has imported it there is no notebook.
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return RunCells(shell) if shell else None


def _is_marked(cell: Cell, marker: str) -> bool:
    found = marker_of(cell.source)
    return found is not None and found.casefold() == marker.casefold()


def _lines_around(function: object) -> list[str]:
    """The lines of the cell or file that the function was written in; empty where unknown."""
    code = getattr(inspect.unwrap(function), "__code__", None) if callable(function) else None
    name = getattr(code, "co_filename", "")
    return "".join(linecache.getlines(name)).rstrip().splitlines()
