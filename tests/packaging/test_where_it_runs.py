"""Where a package runs: what is told of an upload, results from elsewhere, and what goes wrong."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader.batch.tasks import TrainTask
from grader.packaging import autograder
from grader.packaging.endings import FAILED, MEMORY, SETUP
from grader.packaging.record import NAME, Package
from grader.packaging.shipped import ShippedTrainings
from grader.packaging.upload import Upload, read_upload
from grader.records import UNKNOWN_TOTALS, Architecture, Protocol, Student
from grader.training.cache import TrainingCache
from grader.training.key import training_key
from grader.training.task import Kernels, TrainingTask
from tests.training.test_cache import TRAINING

VERSIONS = {"python": "3.11.7", "keras": "3.15.1", "tensorflow": "2.21.0", "numpy": "2.4.6"}
HERE = VERSIONS | {"python": "3.11.2"}
TASK = TrainingTask(
    architecture=Architecture((), (), "a" * 64, (), UNKNOWN_TOTALS, ()),
    compile=None,
    protocol=Protocol(2, 128, "adam", "categorical_crossentropy", "standardize-per-pixel", 1),
    input_shape=(6912,),
    num_classes=8,
    time_limit_seconds=60.0,
    data_sha256="d" * 64,
    threads=1,
    kernels=Kernels.FAST,
)
METADATA: dict[str, Any] = {
    "id": 123,
    "created_at": "2026-11-24T10:00:00.000000-08:00",
    "assignment": {"title": "8 faces", "total_points": "20.0"},
    "users": [
        {"email": "jane@example.org", "id": 7, "name": "Jane Doe"},
        {"email": "bo@example.org", "id": 8, "name": "Bo Roe"},
    ],
    "previous_submissions": [{"score": "0.0"}],
}


def test_upload(tmp_path: Path) -> None:
    """Who handed in and when, which attempt it is, and what the assignment gives."""
    path = tmp_path / "submission_metadata.json"
    path.write_text(json.dumps(METADATA), "utf-8")

    student = Student("Jane Doe, Bo Roe", email="jane@example.org")
    assert Upload("123", student, METADATA["created_at"], 2, 20.0) == read_upload(path)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"id": 1, "users": []}', "[" * 100_000])
def test_upload_that_tells_nothing(tmp_path: Path, text: str) -> None:
    """What cannot be read stops no grading."""
    path = tmp_path / "submission_metadata.json"
    path.write_text(text, "utf-8")

    assert Upload() == read_upload(path)
    assert Upload() == read_upload(tmp_path / "absent.json")


@pytest.mark.parametrize(
    ("installed", "is_found"),
    [
        (VERSIONS, True),
        (HERE, True),
        (VERSIONS | {"python": "3.12.7"}, False),
        (VERSIONS | {"keras": "3.15.2"}, False),
    ],
)
def test_shipped_training(tmp_path: Path, installed: dict[str, str], *, is_found: bool) -> None:
    """Another release of the same Python finds what came along; any other version trains."""
    cache = TrainingCache(tmp_path)
    cache.put(replace(TRAINING, key=training_key(TASK, VERSIONS)))
    task = TrainTask(TASK, installed, "fc_a")

    found = ShippedTrainings(cache, VERSIONS, installed).get(task)

    assert (replace(TRAINING, key=task.key) if is_found else None) == found


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], dict[str, Any]]:
    """Returns a function: the results.json where the process that grades is this program."""

    def _run(program: str) -> dict[str, Any]:
        (tmp_path / "source").mkdir()
        package = Package("0.1.0", (), None, "", VERSIONS, minutes=10)
        (tmp_path / "source" / NAME).write_text(package.to_json(), "utf-8")
        monkeypatch.setattr(autograder, "_SPARE_SECONDS", 10 * 60 - 2.0)
        monkeypatch.setattr(autograder, "_command", lambda _: [sys.executable, "-c", program])
        assert 1 == autograder.main([str(tmp_path)])
        results: dict[str, Any] = json.loads((tmp_path / "results" / "results.json").read_bytes())
        return results

    return _run


@pytest.mark.parametrize(
    ("program", "reason", "advice"),
    [
        ("import time; time.sleep(100)", "the time that it is given ran out", "--minutes N"),
        ("import os; os.kill(os.getpid(), 9)", "it ended before it had graded", "output"),
        ("1 / 0", "it ended before it had graded", "output"),
        (f"exit({FAILED})", "it ended before it had graded", "output"),
        (f"exit({MEMORY})", "the memory that it is given did not suffice", "better 3 GB"),
        (f"exit({SETUP})", "it is not set up right", "output"),
    ],
)
def test_no_result(
    run: Callable[[str], dict[str, Any]], program: str, reason: str, advice: str
) -> None:
    """However grading ends, results.json says so: 0, and that it is not the student's fault."""
    results = run(program)

    assert 0 == results["score"]
    assert reason in results["output"]
    assert "This is not your fault." in results["output"]
    assert advice in results["output"].partition("For the instructor: ")[2]
