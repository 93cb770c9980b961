"""Batch: what a caller may want to hear while a batch runs."""

from __future__ import annotations

from grader.batch.tasks import Result, Task
from grader.records import Grade, Progress, Submission


class Listener:
    """Hears of everything that happens in a batch; does nothing unless a subclass says so.

    `progressed` is called from other threads, all else from the thread of the batch. What it raises
    there would end the training.
    """

    def planned(self, task: Task) -> None:
        """The task has no result yet and will be performed."""

    def started(self, task: Task) -> None:
        """The task is in the hands of an executor."""

    def progressed(self, key: str, progress: Progress) -> None:
        """An epoch of the training with this key is finished."""

    def retried(self, task: Task, reason: str) -> None:
        """The task was begun and comes to nothing so far; it will be performed once more."""

    def done(self, task: Task, result: Result) -> None:
        """A task that was planned has its result, and that is kept."""

    def described(self, submission: Submission) -> None:
        """All files of this submission are described."""

    def graded(self, grade: Grade) -> None:
        """All parts of this submission have their result."""

    def failed(self, submission: Submission, trace: str) -> None:
        """The grader met something unforeseen in this submission; the others go on."""

    def beat(self) -> None:
        """Called about every second while results are waited for."""
