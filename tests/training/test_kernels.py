"""Kernels: the fast ones are used unless the environment asks for Keras' own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from grader.errors import UsageError
from grader.sheets import find_part, load_sheets
from grader.training.key import training_key
from grader.training.task import Kernels, TrainingTask, asked_kernels, training_task

MakeTask = Callable[..., TrainingTask]
VARIABLE = "GRADER_KERNELS"


def test_key_names_the_kernels(make_task: MakeTask) -> None:
    """Results of one are never taken for those of the other."""
    task = make_task()

    assert training_key(task, {}) != training_key(replace(task, kernels=Kernels.KERAS), {})


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (None, Kernels.FAST),
        ("", Kernels.FAST),
        ("fast", Kernels.FAST),
        ("keras", Kernels.KERAS),
    ],
)
def test_environment_chooses_the_kernels(
    monkeypatch: pytest.MonkeyPatch, make_task: MakeTask, asked: str | None, expected: Kernels
) -> None:
    """A training has the fast kernels unless GRADER_KERNELS asks for Keras' own."""
    monkeypatch.delenv(VARIABLE, raising=False)
    if asked is not None:
        monkeypatch.setenv(VARIABLE, asked)
    network = make_task().architecture

    task = training_task(find_part(load_sheets(), "cnn_c"), network, None, "", 1)

    assert expected is task.kernels


def test_unknown_kernels(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another word in the variable is a wrong call, and the sentence says what can stand there."""
    monkeypatch.setenv(VARIABLE, "Keras")

    with pytest.raises(UsageError, match=f"{VARIABLE} is 'Keras', but it can only be fast or ker"):
        asked_kernels()
