"""Batch of one: a person's own parts on this machine, each examined and trained when asked for.

A class is graded by tasks instead; see `grader.batch.run`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Protocol

from data import DataSet, load
from grader import __version__
from grader.batch.findings import Findings
from grader.errors import EightFacesError
from grader.grading import Evidence, examine, require_fitting, wants_training
from grader.records import DataFacts, Part, Progress, Run, Sheet, Source, Training
from grader.sandbox.launcher import Sandbox
from grader.sandbox.rungs import means, sentence
from grader.sheets import calibrated_parts, load_sheets
from grader.training.cache import TrainingCache
from grader.training.endings import not_trained
from grader.training.key import training_key, versions
from grader.training.task import TrainingTask, training_task
from grader.training.worker import Worker


class Live(Protocol):
    """Shows a training while it runs."""

    def started(self, threads: int) -> None:
        """The training begins, on so many threads."""

    def progressed(self, progress: Progress) -> None:
        """An epoch is finished."""


class Desk:
    """A sandbox, a worker, the sheets and a data set, each there as soon as it is needed.

    For one part after the other, in one thread. What is found out and trained is kept in the user's
    cache, and not done again.
    """

    def __init__(self, data_path: Path | None = None, threads: int | None = None) -> None:
        """`data_path` is as for `data.load`; `threads` None takes all cores."""
        self._data_path = data_path
        self._sandbox = Sandbox()
        self._worker = Worker(threads, data_path)
        self._cache = TrainingCache()
        self._versions = versions()
        self._findings = Findings(self._versions)

    @cached_property
    def sheets(self) -> tuple[Sheet, ...]:
        """All sheets, in their order."""
        return load_sheets()

    @cached_property
    def parts(self) -> dict[str, Part]:
        """All parts of all sheets, by id, with the thresholds kept beside the data set."""
        return {part.id: part for part in calibrated_parts(self.sheets, self._data_path)}

    @cached_property
    def data(self) -> DataSet:
        """The data set; raises DataError where it cannot be had."""
        return load(self._data_path)

    def start(self) -> None:
        """Let the processes start, and return at once, while they import Keras."""
        self._sandbox.start()
        self._worker.start()

    def require_fitting(self, parts: Iterable[Part]) -> None:
        """Raises UsageError where the data set does not go with a part."""
        require_fitting(parts, self.data.x_train.shape[1:], len(self.data.names))

    def is_known(self, part: Part, source: Source, *, with_training: bool) -> bool:
        """Whether all checks of the source can be told from what was found before.

        Raises DataError or UsageError where a training cannot be.
        """
        evidence = self._findings.recall(part, source)
        if evidence is None or not with_training:
            return evidence is not None
        task = self._task(part, evidence)
        return task is None or self._kept(task) is not None

    def examine(self, part: Part, candidates: Sequence[Source]) -> Evidence:
        """All that is known without training of the part's candidates.

        Of a single one it may have been found out before.
        """
        if len(candidates) == 1:
            rebuild = self._worker.rebuild
            return self._findings.examine(self._sandbox, rebuild, part, candidates[0])
        return examine(self._sandbox, self._worker.rebuild, part, candidates)

    def kept(self, part: Part, evidence: Evidence) -> Training | None:
        """The result of the network's training, if it was trained before."""
        task = self._task(part, evidence)
        return self._kept(task) if task else None

    def train(self, part: Part, evidence: Evidence, live: Live) -> Training | None:
        """The result of the network's training, trained now or before.

        None where a check before the training does not pass.
        """
        task = self._task(part, evidence)
        if task is None:
            return None
        training = self._kept(task)
        if training is None:
            live.started(task.threads)
            try:
                training = self._worker.train(task, live.progressed)
            except EightFacesError as error:
                training = not_trained(task, str(error))
            self._cache.put(training)
        return training

    def run(self) -> Run:
        """The facts of grading here, for a report; without grades."""
        facts = DataFacts(self.data.name, self.data.sha256, self.data.names)
        return Run(__version__, facts, self._versions, sentence(means()), ())

    def close(self) -> None:
        """End the processes; nothing is waited for. What is asked for next starts them anew."""
        self._sandbox.close()
        self._worker.close()

    def _kept(self, task: TrainingTask) -> Training | None:
        return self._cache.get(training_key(task, self._versions))

    def _task(self, part: Part, evidence: Evidence) -> TrainingTask | None:
        """The training that the network is to get; None where it is not to be trained."""
        description = evidence.described.description
        if description.architecture is None or not wants_training(part, evidence):
            return None
        return training_task(
            part,
            description.architecture,
            description.compile,
            self.data.sha256,
            self._worker.threads,
        )
