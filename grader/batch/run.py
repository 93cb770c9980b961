"""Batch: a class of submissions, from files to grades, in the order in which they are finished."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from grader.batch.events import Listener
from grader.batch.executor import BenchExecutor
from grader.batch.memory import Memory
from grader.batch.schedule import Schedule
from grader.batch.steps import Facts, OpenPart
from grader.batch.tasks import Task, TrainTask
from grader.grading import Evidence, grade_part, grade_submission
from grader.records import Grade, Part, Submission

_UNFORESEEN = (
    "The grader met something unforeseen here. This is not the student's fault; please report it "
    "with the lines that stand in grader.log."
)


@dataclass
class _Open:
    """A submission on its way."""

    submission: Submission
    parts: list[OpenPart]
    is_described: bool = False


class Batch:
    """Grades submissions for these parts; what one of them does to the grader stops no other."""

    def __init__(
        self,
        parts: Sequence[Part],
        facts: Facts,
        executor: BenchExecutor,
        memory: Memory,
        listener: Listener,
    ) -> None:
        self._parts = parts
        self._facts = facts
        self._listener = listener
        self._schedule = Schedule(executor, memory, listener)
        # By keys of tasks: who waits for the result, and which submissions share a training.
        self._waiting: dict[str, list[tuple[_Open, OpenPart]]] = {}
        self._sharing: dict[str, set[str]] = {}

    def run(self, submissions: Sequence[Submission]) -> Iterator[Grade]:
        """The grades, each as soon as it is known.

        `shared_with` counts those of these submissions that are known by then to share a training.
        Raises GraderError where results cannot be kept, or nobody is left to perform tasks.
        """
        for submission in submissions:
            opened = _Open(submission, [self._open(submission, part) for part in self._parts])
            for part in opened.parts:
                if not part.is_done:
                    self._go_on(opened, part, part.begin)
            yield from self._finished(opened)
        for task, result in self._schedule.results():
            for opened, part in self._waiting.pop(task.key, ()):
                self._go_on(opened, part, partial(part.take, task, result))
                yield from self._finished(opened)

    def _open(self, submission: Submission, part: Part) -> OpenPart:
        opened = OpenPart(part, submission.sources.get(part.id, ()), self._facts)
        if submission.trouble:
            opened.fail(submission.trouble)
        return opened

    def _go_on(self, opened: _Open, part: OpenPart, step: Callable[[], Sequence[Task]]) -> None:
        """Take one step, and have the tasks performed that it leads to."""
        try:
            tasks = {task.key: task for task in step()}
        except Exception:  # noqa: BLE001 - whatever it is, it stops no other submission
            self._fail(opened, [part])
            return
        for key, task in tasks.items():
            self._waiting.setdefault(key, []).append((opened, part))
            if isinstance(task, TrainTask):
                self._sharing.setdefault(key, set()).add(opened.submission.id)
            self._schedule.add(task)

    def _finished(self, opened: _Open) -> Iterator[Grade]:
        if not opened.is_described and all(part.is_described for part in opened.parts):
            opened.is_described = True
            self._listener.described(opened.submission)
        if all(part.is_done for part in opened.parts):
            yield self._grade(opened)

    def _grade(self, opened: _Open) -> Grade:
        try:
            return self._graded(opened)
        except Exception:  # noqa: BLE001 - as above
            self._fail(opened, opened.parts)
            return self._graded(opened)

    def _graded(self, opened: _Open) -> Grade:
        evidence = [(part.part, self._shared(part.known)) for part in opened.parts]
        facts = self._facts
        grades = [
            grade_part(part, known, facts.data_sha256, with_training=facts.with_training)
            for part, known in evidence
        ]
        notices = [notice for _, known in evidence for notice in known.described.notices]
        return grade_submission(opened.submission, grades, notices)

    def _shared(self, evidence: Evidence) -> Evidence:
        if evidence.training is None:
            return evidence
        return replace(evidence, shared_with=len(self._sharing[evidence.training.key]) - 1)

    def _fail(self, opened: _Open, parts: Sequence[OpenPart]) -> None:
        self._listener.failed(opened.submission, traceback.format_exc())
        for part in parts:
            part.fail(_UNFORESEEN)
