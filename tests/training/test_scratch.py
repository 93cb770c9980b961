"""A worker's temp folder goes with it, or with the next one where everything was killed."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from grader.training.scratch import ScratchFolder

HOLDER = """
from grader.training.scratch import ScratchFolder
folder = ScratchFolder()
print(folder.path, flush=True)
input()
"""


def test_removed_with_what_is_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder and its files are gone after `remove`, and a second `remove` does not mind."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    folder = ScratchFolder()
    (folder.path / "left.py").touch()
    folder.remove()
    folder.remove()

    assert [] == list(tmp_path.iterdir())


def test_left_over_folder_is_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder of a process that was killed goes when the next one is made, no other does."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    mine = ScratchFolder()
    foreign = tmp_path / "eight-faces-worker-link"
    foreign.symlink_to(mine.path)
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER],
        env={"TMPDIR": str(tmp_path), "PYTHONPATH": str(Path.cwd())},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        other = Path(holder.stdout.readline().strip())
        while_in_use = ScratchFolder()
        assert other.is_dir()
        holder.kill()
        holder.wait()
        after = ScratchFolder()

    assert {mine.path, foreign, while_in_use.path, after.path} == set(tmp_path.iterdir())
