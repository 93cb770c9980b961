"""Writes the notebooks anew, the solved ones by the whole protocol: `make notebooks`, no test.

Nothing is written where a part does not pass.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.submissions import marker_of
from tests.notebook import making


@pytest.mark.parametrize("name", making.NAMES)
def test_solve(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The exercise without outputs, and its solution executed with the built-in data."""
    monkeypatch.delenv("GRADER_DATA", raising=False)
    monkeypatch.setenv("GRADER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    given, target = making.EXERCISES / name, making.SOLUTIONS / name
    exercise = making.read(given)

    done = making.run(making.solved(exercise), target.parent)

    parts = [marker_of(cell.source) for cell in done.cells if cell.cell_type == "code"]
    for part in filter(None, parts):
        assert f"+ {part:8}passed" in making.texts(done, f"{part}-train")
    making.write(making.cleaned(exercise), given)
    making.write(making.tidied(done), target)
