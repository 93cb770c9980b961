"""Batch: how far everything is, and how long the rest takes."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from grader.batch.effort import effort
from grader.batch.estimate import Estimate
from grader.batch.events import Listener
from grader.batch.memory import is_failure, was_crowded_out
from grader.batch.tasks import DescribeTask, RebuildTask, Result, Task, TrainTask
from grader.records import Grade, Progress, Submission


@dataclass
class Running:
    """A training under way, and how far it is."""

    task: TrainTask
    progress: Progress | None = None


class Tally(Listener):
    """Counts what a batch tells; subclasses show it, after calling what they override."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.describing, self.rebuilding, self.training = Estimate(), Estimate(), Estimate()
        self.num_described = 0
        self.num_graded = 0
        self.num_failures = 0
        # By their keys.
        self.running: dict[str, Running] = {}
        self._planned: set[str] = set()
        self._clock = clock

    def planned(self, task: Task) -> None:
        """Count it, once."""
        if task.key not in self._planned:
            self._planned.add(task.key)
            self._of(task).plan(task.key, effort(task))

    def started(self, task: Task) -> None:
        """Measure from here."""
        self._of(task).start(task.key, self._clock())
        if isinstance(task, TrainTask):
            self.running[task.key] = Running(task)

    def progressed(self, key: str, progress: Progress) -> None:
        """Keep how far it is; a training that has ended meanwhile stays ended."""
        running = self.running.get(key)
        if running is not None:
            running.progress = progress
            self.training.hear(key, progress.epoch / progress.epochs, self._clock())

    def retried(self, task: Task, reason: str) -> None:
        """It is not under way, and still to be done."""
        del reason
        self._stop(task)

    def done(self, task: Task, result: Result) -> None:
        """Count it."""
        self._stop(task)
        self._of(task).finish(task.key)
        if is_failure(result) or was_crowded_out(result):
            self.num_failures += 1

    def described(self, submission: Submission) -> None:
        """Count it."""
        del submission
        self.num_described += 1

    def graded(self, grade: Grade) -> None:
        """Count it."""
        del grade
        self.num_graded += 1

    def failed(self, submission: Submission, trace: str) -> None:
        """Count it."""
        del submission, trace
        self.num_failures += 1

    def seconds_left(self) -> float | None:
        """Until all that is planned is done; None where a rate is still to be measured."""
        now = self._clock()
        each = [one.seconds_left(now) for one in (self.describing, self.rebuilding, self.training)]
        return None if None in each else sum(seconds or 0.0 for seconds in each)

    def _stop(self, task: Task) -> None:
        self.running.pop(task.key, None)
        self._of(task).stop(task.key, self._clock())

    def _of(self, task: Task) -> Estimate:
        match task:
            case DescribeTask():
                return self.describing
            case RebuildTask():
                return self.rebuilding
            case TrainTask():
                return self.training
