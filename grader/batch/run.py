"""Batch: a class of submissions, from files to grades, in the order in which they are finished."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

from grader.batch.events import Listener
from grader.batch.trainings import THREADS, Trainings
from grader.grading import Evidence, examine, grade_part, grade_submission, wants_training
from grader.records import Architecture, Grade, Notice, Part, Rebuilt, Submission, Training
from grader.sandbox.launcher import Sandbox
from grader.training.cache import TrainingCache
from grader.training.task import training_task
from grader.training.worker import Worker


@dataclass(frozen=True)
class Options:
    """How a batch is run: `num_workers` trainings side by side; `fresh` ignores kept results."""

    data_path: Path | None
    data_sha256: str
    num_workers: int
    with_training: bool = True
    fresh: bool = False


@dataclass
class _Open:
    """A submission whose parts are described; some trainings may still be under way."""

    submission: Submission
    evidence: dict[str, Evidence]
    trainings: dict[str, Future[Training]] = field(default_factory=dict)


class Batch:
    """Grades submissions for these parts; a context manager that ends its processes."""

    def __init__(self, parts: Sequence[Part], options: Options, listener: Listener) -> None:
        self._parts = parts
        self._options = options
        self._listener = listener
        self._sandbox = Sandbox()
        self._rebuilder = Worker(THREADS, options.data_path)
        self._rebuilt: dict[str, Rebuilt] = {}
        self._trainings = Trainings(
            options.num_workers,
            options.data_path,
            TrainingCache(),
            listener,
            fresh=options.fresh,
        )

    def __enter__(self) -> Self:
        self._sandbox.start()
        self._rebuilder.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._sandbox.close()
        self._rebuilder.close()
        self._trainings.close()

    def run(self, submissions: Sequence[Submission]) -> Iterator[Grade]:
        """The grades, each as soon as it is known; how many share a training is not known yet."""
        waiting: list[_Open] = []
        for submission in submissions:
            self._listener.describing(submission)
            waiting.append(self._open(submission))
            yield from self._finished(waiting)
        self._rebuilder.close()
        while waiting:
            pending = {f for one in waiting for f in one.trainings.values() if not f.done()}
            wait(pending, return_when=FIRST_COMPLETED)
            yield from self._finished(waiting)

    def _finished(self, waiting: list[_Open]) -> Iterator[Grade]:
        for one in [o for o in waiting if all(f.done() for f in o.trainings.values())]:
            waiting.remove(one)
            grade = self._grade(one)
            self._listener.graded(grade)
            yield grade

    def _open(self, submission: Submission) -> _Open:
        opened = _Open(submission, {})
        for part in self._parts:
            candidates = submission.sources.get(part.id, ())
            evidence = examine(self._sandbox, self._rebuild, part, candidates)
            opened.evidence[part.id] = evidence
            architecture = evidence.described.description.architecture
            if architecture and self._options.with_training and wants_training(part, evidence):
                task = training_task(
                    part,
                    architecture,
                    evidence.described.description.compile,
                    self._options.data_sha256,
                    THREADS,
                )
                opened.trainings[part.id] = self._trainings.request(task, part.id)
        return opened

    def _rebuild(self, architecture: Architecture) -> Rebuilt:
        if architecture.digest not in self._rebuilt:
            self._rebuilt[architecture.digest] = self._rebuilder.rebuild(architecture)
        return self._rebuilt[architecture.digest]

    def _grade(self, one: _Open) -> Grade:
        grades = []
        notices: list[Notice] = []
        for part in self._parts:
            evidence = one.evidence[part.id]
            notices += evidence.described.notices
            if part.id in one.trainings:
                evidence = replace(evidence, training=one.trainings[part.id].result())
            grades.append(
                grade_part(
                    part,
                    evidence,
                    self._options.data_sha256,
                    with_training=self._options.with_training,
                )
            )
        return grade_submission(one.submission, grades, notices)
