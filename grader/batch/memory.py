"""Batch: what is remembered of earlier work, by the keys of tasks."""

from __future__ import annotations

from typing import Protocol

from grader.batch.tasks import DescribeTask, RebuildTask, Result, Task, TrainTask
from grader.gradebook import Gradebook
from grader.records import Description, Outcome, Rebuilt, Training
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


class Remembered:
    """Remembers everything in the gradebook, and trainings in the user's cache besides."""

    def __init__(self, gradebook: Gradebook, cache: TrainingCache, *, fresh: bool) -> None:
        """Where it is to be `fresh` nothing is remembered that was kept before."""
        self._gradebook = gradebook
        self._cache = cache
        self._fresh = fresh

    def get(self, task: Task) -> Result | None:
        """The result in the gradebook; a training's may come from the cache, and is then kept."""
        if self._fresh:
            return None
        match task:
            case DescribeTask():
                return self._gradebook.description(task.key)
            case RebuildTask():
                return self._gradebook.network(task.key)
            case TrainTask():
                return self._gradebook.training(task.key) or self._cached(task)

    def keep(self, task: Task, result: Result) -> None:
        """Keep it in the gradebook first, where it says more than the cache does."""
        match task, result:
            case DescribeTask(), Description():
                self._gradebook.keep_description(task.key, task.part.id, result)
            case RebuildTask(), Rebuilt():
                self._gradebook.keep_network(task.key, result)
            case TrainTask(), Training():
                self._gradebook.keep_training(result)
                self._cache.put(result)

    def _cached(self, task: TrainTask) -> Training | None:
        training = self._cache.get(task.key)
        if training is not None:
            # The gradebook alone is to tell all that there is in reports.
            self._gradebook.keep_training(training, is_from_cache=True)
        return training


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
    return isinstance(result, Training) and result.outcome.met_limit
