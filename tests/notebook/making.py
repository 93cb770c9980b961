"""The notebooks of the project: where they are, how the solved ones come about, and their run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

from grader.sheets import exercises_folder, load_sheets, solution_file
from grader.submissions import marker_of

EXERCISES = exercises_folder()
SOLUTIONS = EXERCISES.parent / "solutions"
NAMES = (
    "8_faces_overview.ipynb",
    "faces_fc/8_faces_only_fc.ipynb",
    "faces_cnn/8_faces_cnn.ipynb",
)


def read(path: Path) -> Any:  # noqa: ANN401 - nbformat's nodes are untyped dictionaries
    """The notebook in the file, as nbformat 4."""
    return nbformat.read(path, as_version=4)


def write(notebook: Any, path: Path) -> None:  # noqa: ANN401 - as `read`
    """Write the notebook as the repository keeps it."""
    path.write_text(nbformat.writes(notebook, indent=1) + "\n", "utf-8")


def tidied(notebook: Any) -> Any:  # noqa: ANN401 - as `read`
    """The notebook with no metadata but what a program needs to open it."""
    tidy = nbformat.from_dict(notebook)
    language = {"name": "python"}
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    tidy.metadata = nbformat.from_dict({"kernelspec": kernel, "language_info": language})
    for cell in tidy.cells:
        cell.metadata = nbformat.from_dict({})
    return tidy


def cleaned(notebook: Any) -> Any:  # noqa: ANN401 - as `read`
    """The notebook as it is given out: tidy, and without outputs."""
    clean = tidied(notebook)
    for cell in clean.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return clean


def solved(notebook: Any) -> Any:  # noqa: ANN401 - as `read`
    """The exercise with its solution, the file in solutions/, in each marked cell; not executed."""
    parts = {part.id: part for sheet in load_sheets() for part in sheet.parts}
    clean = cleaned(notebook)
    for cell in clean.cells:
        part = marker_of(cell.source) if cell.cell_type == "code" else None
        if part is not None:
            solution = solution_file(parts[part]).read_text("utf-8").strip()
            cell.source = f"# part: {part}\n{solution}"
    return clean


def run(notebook: Any, folder: Path, first: str = "") -> Any:  # noqa: ANN401 - as `read`
    """The notebook with the outputs of a run from top to bottom in this folder.

    `first` is run before its first cell, and is no part of it. Raises CellExecutionError.
    """
    run_cells = nbformat.from_dict(notebook)
    if first:
        run_cells.cells.insert(0, nbformat.v4.new_code_cell(first))
    resources = {"metadata": {"path": str(folder)}}
    NotebookClient(
        run_cells, timeout=None, resources=resources, record_timing=False, kernel_name="python3"
    ).execute()
    if first:
        del run_cells.cells[0]
    return run_cells


def outputs(notebook: Any, cell_id: str) -> list[Mapping[str, Any]]:  # noqa: ANN401 - as `read`
    """What the cell shows."""
    cell = next(cell for cell in notebook.cells if cell.id == cell_id)
    return list(cell.outputs)


def texts(notebook: Any, cell_id: str) -> str:  # noqa: ANN401 - as `read`
    """The text of what the cell shows, where nothing else can be shown."""
    shown = (output.get("data", {}).get("text/plain", "") for output in outputs(notebook, cell_id))
    return "\n".join(shown)
