"""Collecting the exercises: quick, without Keras, and without running anything of a student's."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.pytest_plugin.conftest import MakeProject, Project

PROGRAM = """\
import sys
import pytest
code = pytest.main(sys.argv[1:])
print("imported:", [m for m in ("keras", "tensorflow", "matplotlib", "fc_a") if m in sys.modules])
sys.exit(code)
"""


def collect(project: Project, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A run with --collect-only that says what it imported."""
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, "--collect-only", "-q", *arguments],
        cwd=project.folder,
        env={**os.environ, "GRADER_DATA": "no_such_file.npz", "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("path", ["exercises", "exercises/faces_fc/fc_a.py"])
def test_collecting_runs_nothing(make_project: MakeProject, path: str) -> None:
    """--collect-only neither imports a part file or Keras nor looks at the data set."""
    project = make_project()
    project.fill("fc_a", "raise SystemExit('the part file was imported')\n")

    done = collect(project, path)

    assert 0 == done.returncode, done.stdout
    assert "imported: []" in done.stdout
    assert "fc_a.py::The file gives a network" in done.stdout


def test_solutions_are_collected_like_exercises(make_project: MakeProject) -> None:
    """`pytest solutions` has the same items."""
    done = collect(make_project(), "solutions")

    assert "25 tests collected" in done.stdout
    assert "solutions/faces_cnn/cnn_c.py::The training finishes" in done.stdout


def test_other_files_stay_pytests_own(make_project: MakeProject) -> None:
    """A test file elsewhere is collected as ever, also one with the name of a part."""
    project = make_project()
    (project.folder / "mine").mkdir()
    (project.folder / "mine" / "test_fc_a.py").write_text("def test_one(): pass\n", "utf-8")
    (project.folder / "exercises" / "faces_fc" / "helper.py").write_text("x = 1\n", "utf-8")

    done = collect(project, "mine", "exercises/faces_fc")

    assert "mine/test_fc_a.py::test_one" in done.stdout
    assert "helper.py" not in done.stdout
    assert "11 tests collected" in done.stdout
