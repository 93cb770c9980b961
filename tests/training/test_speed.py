"""How slow a machine is, and what that does to the limit of a training."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from grader.training.limits import cpu_limit_seconds
from grader.training.speed import MOST_SLOWNESS, REFERENCE_RATE, slowness, slowness_at
from grader.training.task import TrainingTask


@pytest.mark.parametrize(
    ("rate", "expected"),
    [
        (REFERENCE_RATE, 1.0),
        (REFERENCE_RATE / 3, 3.0),
        (REFERENCE_RATE * 3, 1.0),
        (REFERENCE_RATE / 1e6, MOST_SLOWNESS),
    ],
)
def test_slowness(rate: float, expected: float) -> None:
    """A third of the reference's speed is a slowness of 3; a faster machine has one of 1."""
    assert slowness_at(rate) == pytest.approx(expected)


def test_slowness_is_measured() -> None:
    """The probe finds a machine that is neither faster than the reference nor in trouble."""
    assert 1.0 <= slowness() < MOST_SLOWNESS


def test_slow_machine_has_longer(make_task: Callable[..., TrainingTask]) -> None:
    """The limit of a training is the part's, by the number of threads and by the slowness."""
    task = make_task(threads=2, time_limit_seconds=300.0)

    assert 300.0 * 2 == cpu_limit_seconds(task)
    assert 300.0 * 2 * 3 == cpu_limit_seconds(task, slowness=3.0)
