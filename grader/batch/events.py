"""Batch: what a caller may want to hear while a batch runs."""

from __future__ import annotations

from grader.records import Grade, Progress, Submission


class Listener:
    """Hears of everything that happens in a batch; does nothing unless a subclass says so.

    `training` is called from the threads of the trainings, the others from the thread of the batch.
    """

    def describing(self, submission: Submission) -> None:
        """The files of this submission are being described and compared."""

    def training_planned(self, key: str, title: str) -> None:
        """A network that has no result yet will be trained."""

    def training_progressed(self, key: str, progress: Progress) -> None:
        """An epoch of this training is finished."""

    def training_done(self, key: str) -> None:
        """A training that was planned is finished."""

    def graded(self, grade: Grade) -> None:
        """All parts of this submission have their result."""
