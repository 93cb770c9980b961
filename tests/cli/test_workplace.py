"""Where tasks are performed: what is said where the place that was asked for cannot be had."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.cli.grading_plan import Plan, Request
from grader.cli.workplace import workplace
from grader.errors import UsageError

if TYPE_CHECKING:
    from tests.cli.conftest import Grader

ADDRESS = "tcp://127.0.0.1:9"


def test_without_dask(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the optional extra is missing the command that installs it is told."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    for name in ("cluster", "cluster_executor", "cluster_worker"):
        monkeypatch.delitem(sys.modules, f"grader.batch.{name}", raising=False)
    request = object.__new__(Request)
    object.__setattr__(request, "scheduler", ADDRESS)

    with (
        pytest.raises(UsageError, match=f"`{sys.executable} -m pip install distributed`"),
        workplace(request, object.__new__(Plan)),
    ):
        pass


def test_jobs_are_of_this_machine(grader: Grader, tmp_path: Path) -> None:
    """--jobs with --scheduler is a wrong call, and nothing is written."""
    out = tmp_path / "out"
    ran = grader("grade", tmp_path, "-o", out, "--jobs", "2", "--scheduler", ADDRESS)

    assert 2 == ran.code
    assert "Leave one of the two out" in ran.err
    assert not out.exists()
