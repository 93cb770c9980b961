"""The training key: equal where the numbers would be, different where they might not."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader.records import DataFacts, OwnData
from grader.training.key import training_key, versions
from grader.training.task import TrainingTask

MakeTask = Callable[..., TrainingTask]
VERSIONS = {"python": "3.11.7", "keras": "3.15.1"}


def test_same_task(make_task: MakeTask) -> None:
    """The same task has the same key, however often it is made."""
    assert training_key(make_task(), VERSIONS) == training_key(make_task(), VERSIONS)


def test_time_limit_is_left_out(make_task: MakeTask) -> None:
    """A longer time limit gives the same numbers."""
    short, long = make_task(time_limit_seconds=1.0), make_task(time_limit_seconds=100.0)

    assert training_key(short, VERSIONS) == training_key(long, VERSIONS)


@pytest.mark.parametrize(
    "changes",
    [
        {"epochs": 4},
        {"learning_rate": 0.1},
        {"input_shape": (8, 8, 3)},
        {"num_classes": 4},
        {"data_sha256": "0" * 64},
        {"threads": 2},
    ],
)
def test_what_matters(make_task: MakeTask, changes: dict[str, Any]) -> None:
    """Protocol, compile settings, shapes, data and threads are in the key."""
    assert training_key(make_task(), VERSIONS) != training_key(make_task(**changes), VERSIONS)


def test_keys_stay_what_they_were(make_task: MakeTask) -> None:
    """Ledgers and caches hold such keys: this one is without a learning rate of the protocol."""
    expected = "9b6fc756bb400dde31b30d208c13318667e5125b233c72d9eb818516bcc25fd9"

    assert expected == training_key(make_task(data_sha256="0" * 64), VERSIONS)


def test_where_a_parts_data_lies_does_not_matter(make_task: MakeTask, tmp_path: Path) -> None:
    """Its digest is in the key already; a cluster's workers have it elsewhere."""
    own = OwnData(tmp_path / "own.npz", DataFacts("own.npz", "0" * 64, ()))
    here, there = make_task(data=own), make_task(data=replace(own, file=tmp_path / "copy"))

    assert training_key(here, VERSIONS) == training_key(there, VERSIONS)


def test_network_matters(make_task: MakeTask) -> None:
    """Another network has another key."""
    assert training_key(make_task(16), VERSIONS) != training_key(make_task(17), VERSIONS)


def test_the_protocols_learning_rate_matters(make_task: MakeTask) -> None:
    """Where it is set; without it the optimizer's usual one is used."""
    task = make_task()
    other = replace(task, protocol=replace(task.protocol, learning_rate=0.01))

    assert training_key(task, VERSIONS) != training_key(other, VERSIONS)


def test_seed_matters(make_task: MakeTask) -> None:
    """Another seed has another key."""
    task = make_task()
    other = replace(task, protocol=replace(task.protocol, seed=2))

    assert training_key(task, VERSIONS) != training_key(other, VERSIONS)


def test_versions_matter(make_task: MakeTask) -> None:
    """Another version of Keras has another key."""
    assert training_key(make_task(), VERSIONS) != training_key(
        make_task(), VERSIONS | {"keras": "3.16.0"}
    )


def test_versions_are_those_installed() -> None:
    """The four versions are named, without importing what they are of."""
    code = (
        "import sys; from grader.training.key import versions; print(*versions()); "
        "import grader.training.worker, grader.training.cache; "
        "print(sorted({'keras', 'tensorflow'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "python keras tensorflow numpy\n[]\n" == done.stdout
    assert versions()["python"].startswith(f"3.{sys.version_info.minor}.")
