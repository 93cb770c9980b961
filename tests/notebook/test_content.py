"""What stands in the notebooks: no outputs in the exercises, the sheet's tables, the solutions."""

from __future__ import annotations

from collections.abc import Mapping

import nbformat
import pytest

from grader.sheets import load_sheets
from tests.notebook import making

SHEETS = {sheet.folder.name: sheet for sheet in load_sheets()}


@pytest.mark.parametrize("name", making.NAMES)
def test_exercises_carry_no_outputs(name: str) -> None:
    """`make notebooks` cleans them; metadata of editors and machines stays out as well."""
    notebook = making.read(making.EXERCISES / name)

    nbformat.validate(notebook)
    assert making.cleaned(notebook) == notebook


@pytest.mark.parametrize("name", making.NAMES)
def test_solved_notebooks_are_the_exercises_with_the_solutions(name: str) -> None:
    """Executed from top to bottom, with outputs and no error; `make notebooks` makes them anew."""
    expected = making.solved(making.read(making.EXERCISES / name))
    notebook = making.read(making.SOLUTIONS / name)

    nbformat.validate(notebook)
    assert expected == making.cleaned(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert list(range(1, len(code) + 1)) == [cell.execution_count for cell in code]
    shown = [output.output_type for cell in code for output in cell.outputs]
    assert shown
    assert "error" not in shown


@pytest.mark.parametrize("name", making.NAMES[1:])
def test_each_part_has_its_cells(name: str) -> None:
    """A table, the marked stub, check, question and train of every part of the sheet, in order."""
    sheet = SHEETS[name.partition("/")[0]]
    notebook = making.read(making.EXERCISES / name)
    cells = {cell.id: cell.source for cell in notebook.cells}

    for part in sheet.parts:
        table, _, _ = part.stub.read_text("utf-8").partition("README.md beside")
        rows = [line.split() for line in table.splitlines() if line.startswith("    ")]
        assert rows == [r for r in map(str.split, _table(cells, part.id).splitlines()) if r]
        assert cells[part.id].startswith(f"# part: {part.id}\n")
        assert "raise NotImplementedError" in cells[part.id]
        assert f'check("{part.id}", build_model)' == cells[f"{part.id}-check"]
        asked = part.question.replace("images", "pictures").split()
        assert " ".join(asked) in " ".join(cells[f"{part.id}-question"].split())
        assert f'train("{part.id}", build_model)' == cells[f"{part.id}-train"]
    assert "compare()" == cells["compare"]


def _table(cells: Mapping[str, str], part: str) -> str:
    _, _, code = cells[f"{part}-table"].partition("```text\n")
    return code.partition("\nInput:")[0]
