"""The package at work, in a folder that is laid out like Gradescope's."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from data.builtin import SHIPPED_SHA256
from grader.packaging.gradescope import autograder_zip
from grader.sheets import load_sheets
from tests.packaging.test_where_it_runs import METADATA

ROOT = Path(__file__).parents[2]
HOSTILE = Path(__file__).with_name("submissions")
STATUSES = {"passed", "failed", None}

Run = Callable[[Path | None], dict[str, Any]]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Returns a function that has a folder graded, and gives results.json."""
    root = tmp_path_factory.mktemp("autograder")
    source = root / "source"
    sheets = load_sheets()[:1]
    content = autograder_zip(ROOT, sheets, [], SHIPPED_SHA256, None, minutes=10)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for info in archive.infolist():
            Path(archive.extract(info, source)).chmod(info.external_attr >> 16)
    # what setup.sh leaves, here with this environment's packages
    (source / "python").write_text(sys.executable, "utf-8")
    shutil.copy(source / "run_autograder", root)
    (root / "submission_metadata.json").write_text(json.dumps(METADATA), "utf-8")

    def _run(handed_in: Path | None) -> dict[str, Any]:
        shutil.rmtree(root / "submission", ignore_errors=True)
        shutil.rmtree(root / "results", ignore_errors=True)
        (root / "submission").mkdir()
        if handed_in is not None:
            shutil.copytree(handed_in, root / "submission", dirs_exist_ok=True)
        environment = os.environ | {"SECRET_OF_THE_PLATFORM": "1", "PYTHONPATH": str(handed_in)}
        done = subprocess.run(
            [root / "run_autograder"], cwd=root, env=environment, capture_output=True, check=False
        )
        assert 0 == done.returncode, done.stdout.decode() + done.stderr.decode()
        results: dict[str, Any] = json.loads((root / "results" / "results.json").read_bytes())
        return results

    return _run


@pytest.mark.slow
def test_nothing_handed_in(run: Run) -> None:
    """Nothing is trained, and each part says that it was not handed in."""
    results = run(None)

    assert 0 == results["score"]
    assert 8 == sum(test["max_score"] for test in results["tests"])
    assert {test.get("status") for test in results["tests"]} <= STATUSES
    assert "Not handed in." == results["tests"][0]["output"]


@pytest.mark.slow
def test_a_file_that_spies_and_stays(run: Run) -> None:
    """It finds nothing of the autograder's, and results are the grader's when all is over."""
    results = run(HOSTILE / "spies_and_stays")

    assert "GOT nothing" in results["tests"][0]["output"]
    assert 0 == results["score"]
    assert {"submission": "123"} == results["extra_data"]
    assert not Path("/tmp/note_of_a_student").exists()  # noqa: S108 - where the file would leave it
