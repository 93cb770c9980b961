"""Batch: what is remembered of earlier work, by the keys of tasks."""

from __future__ import annotations

from typing import Protocol

from grader.batch.tasks import Result, Task, TrainTask
from grader.records import Outcome, Training
from grader.training.cache import TrainingCache


class Memory(Protocol):
    """Results of tasks; what is kept is safe when `keep` returns."""

    def get(self, task: Task) -> Result | None:
        """The result of the task, where it is remembered."""

    def keep(self, task: Task, result: Result) -> None:
        """Remember the result, in place of an older one; failures of the grader's own are not."""


class CachedTrainings:
    """Remembers trainings alone, in the user's cache."""

    def __init__(self, cache: TrainingCache) -> None:
        self._cache = cache

    def get(self, task: Task) -> Result | None:
        """The training that was kept, or None."""
        return self._cache.get(task.key) if isinstance(task, TrainTask) else None

    def keep(self, task: Task, result: Result) -> None:
        """Keep a training; all else is forgotten."""
        del task
        if isinstance(result, Training):
            self._cache.put(result)


def outcome_of(result: Result) -> Outcome | None:
    """How the task ended; None where it gave a network."""
    if isinstance(result, Training):
        return result.outcome
    return result.fault.outcome if result.fault else None


def is_failure(result: Result) -> bool:
    """Whether this stands for a result that the grader could not get."""
    return outcome_of(result) is Outcome.GRADER_ERROR


def was_crowded_out(result: Result) -> bool:
    """Whether a training may have ended for what ran beside it: its network is the table's."""
    crowded_out = (Outcome.TIMED_OUT, Outcome.OUT_OF_MEMORY)
    return isinstance(result, Training) and result.outcome in crowded_out
