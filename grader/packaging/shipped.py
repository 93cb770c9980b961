"""Packages, where they run: the trainings that came with the package, found by another's key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from grader.batch.memory import CachedTrainings
from grader.batch.tasks import Result, Task, TrainTask
from grader.records import Training
from grader.training.cache import TrainingCache
from grader.training.key import training_key


class ShippedTrainings(CachedTrainings):
    """Remembers trainings, those too that a machine with another release of Python computed.

    Keys hold the whole version of Python, of which the last number is whatever the platform's
    system has. docs/decisions/011-packages.md says why it may differ.
    """

    def __init__(
        self, cache: TrainingCache, packed: Mapping[str, str], installed: Mapping[str, str]
    ) -> None:
        """The versions are those where the package was made, and those here."""
        super().__init__(cache)
        self._kept = cache
        self._packed = packed if alike(packed, installed) else None

    def get(self, task: Task) -> Result | None:
        """The training that was kept here, else the one that came along; or None."""
        return super().get(task) or self._shipped(task)

    def _shipped(self, task: Task) -> Training | None:
        if self._packed is None or not isinstance(task, TrainTask):
            return None
        training = self._kept.get(training_key(task.training, self._packed))
        return training and replace(training, key=task.key)


def alike(packed: Mapping[str, str], installed: Mapping[str, str]) -> bool:
    """Whether the versions are the same, but for the last number of Python's."""
    return _without_release(packed) == _without_release(installed)


def _without_release(versions: Mapping[str, str]) -> dict[str, str]:
    return {**versions, "python": ".".join(versions["python"].split(".")[:2])}
