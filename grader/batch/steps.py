"""Batch, step 5: one part of one submission on its way from files to evidence; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from grader.batch.tasks import THREADS, DescribeTask, RebuildTask, Result, Task, TrainTask
from grader.grading import Evidence, examined, troubled, wants_training
from grader.grading.describing import Described, chosen
from grader.records import Architecture, Description, Part, Rebuilt, Source, Training
from grader.training.task import training_task


@dataclass(frozen=True)
class Facts:
    """What all parts of a run have in common."""

    data_sha256: str
    versions: Mapping[str, str]
    with_training: bool = True


class OpenPart:
    """A part of a submission; what is `known` of it is all there is to know when it `is_done`."""

    def __init__(self, part: Part, sources: Sequence[Source], facts: Facts) -> None:
        self.part = part
        self.is_described = False
        self.is_done = False
        self._facts = facts
        self._tasks = [DescribeTask(part, source, facts.versions) for source in sources]
        self._descriptions: dict[str, Description] = {}
        self._evidence: Evidence | None = None

    @property
    def known(self) -> Evidence:
        """What was found out; raises ValueError as long as the part is not described."""
        if self._evidence is None:
            raise ValueError(f"{self.part.id} is not described yet")
        return self._evidence

    def begin(self) -> Sequence[Task]:
        """The first tasks; none where nothing was handed in."""
        return self._tasks or self._describe(chosen(self.part, []))

    def take(self, task: Task, result: Result) -> Sequence[Task]:
        """What there is to do next, now that the task has this result."""
        match result:
            case Description():
                self._descriptions[task.key] = result
                if any(one.key not in self._descriptions for one in self._tasks):
                    return ()
                found = [(one.source.path, self._descriptions[one.key]) for one in self._tasks]
                return self._describe(chosen(self.part, found))
            case Rebuilt():
                return self._compare(result)
            case Training():
                return self._finish(replace(self.known, training=result))

    def fail(self, sentence: str) -> None:
        """Be done, as a part of which the grader could not find out anything."""
        self._finish(troubled(self.part, sentence))

    def _describe(self, described: Described) -> Sequence[Task]:
        self._evidence = Evidence(described)
        self.is_described = True
        architecture = described.description.architecture
        if architecture is None:
            return self._finish(self._evidence)
        return (RebuildTask(architecture, self._facts.versions, self.part.id),)

    def _compare(self, rebuilt: Rebuilt) -> Sequence[Task]:
        described = self.known.described
        self._evidence = examined(self.part, described, rebuilt)
        architecture = described.description.architecture
        if architecture and self._facts.with_training and wants_training(self.part, self._evidence):
            return (self._training(architecture),)
        return self._finish(self._evidence)

    def _training(self, architecture: Architecture) -> TrainTask:
        compile_config = self.known.described.description.compile
        training = training_task(
            self.part, architecture, compile_config, self._facts.data_sha256, THREADS
        )
        return TrainTask(training, self._facts.versions, self.part.id)

    def _finish(self, evidence: Evidence) -> Sequence[Task]:
        self._evidence = evidence
        self.is_described = self.is_done = True
        return ()
