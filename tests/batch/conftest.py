"""A batch without Keras: stand-ins for the sandbox and the workers, two small parts, submissions.

What a student of these tests hands in is the document itself that a sandbox would give.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import grader.batch.bench
from grader.batch import Batch, Facts, Listener
from grader.batch.local import LocalExecutor
from grader.batch.memory import is_failure
from grader.batch.tasks import Result, Task
from grader.errors import GraderError
from grader.records import (
    Architecture,
    CheckName,
    History,
    Outcome,
    OutputCheck,
    Part,
    Progress,
    Protocol,
    Rebuilt,
    Row,
    Source,
    Splits,
    Student,
    Submission,
    Summary,
    Totals,
    Training,
)
from grader.sandbox.jobs import Ending, Job, Limits, Reply
from grader.training.key import training_key, versions
from grader.training.task import TrainingTask
from tests.described import Described, chained, dense, layer, reply

DATA_SHA256 = "d" * 64
NUM_PIXELS, NUM_CLASSES = 4, 3
UNDESCRIBABLE = b"the sandbox is lost with this"

Spellings = Mapping[str, Callable[[int], bytes]]
Submit = Callable[..., Submission]
OpenBatch = Callable[..., AbstractContextManager[Batch]]


@dataclass
class Workshop:
    """What the stand-ins were asked for, and how they are to behave.

    A training `fails` as it is told and has this `outcome`, and waits where `waits_for` gives an
    event. `open` counts the processes that were not closed, of `num_started` in all and
    `most_open` side by side; `at_once` the trainings under way, `most_at_once` how many that were
    while each of `trained` was.
    """

    described: list[Job] = field(default_factory=list)
    rebuilt: list[Architecture] = field(default_factory=list)
    trained: list[TrainingTask] = field(default_factory=list)
    threads: list[int] = field(default_factory=list)
    fails: Callable[[TrainingTask], bool] = lambda _: False
    outcome: Callable[[TrainingTask], Outcome] = lambda _: Outcome.PASSED
    waits_for: Callable[[TrainingTask], threading.Event | None] = lambda _: None
    open: int = 0
    num_started: int = 0
    most_open: int = 0
    at_once: int = 0
    most_at_once: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self) -> None:
        """Count a process."""
        self.open += 1
        self.num_started += 1
        self.most_open = max(self.most_open, self.open)


class SandboxStandIn:
    """Answers every job with what was handed in."""

    def __init__(self, workshop: Workshop) -> None:
        self.limits = Limits()
        self._workshop = workshop
        self._running = False

    def close(self) -> None:
        """Count a process back."""
        if self._running:
            self._running = False
            self._workshop.open -= 1

    def describe(self, job: Job) -> Reply:
        """The source is the document; GraderError where it says so."""
        if not self._running:
            self._running = True
            self._workshop.begin()
        self._workshop.described.append(job)
        if job.code == UNDESCRIBABLE:
            raise GraderError("The process for students' files was lost.")
        return Reply(Ending.ANSWERED, job.code, "", exit_code=0)


class WorkerStandIn:
    """Rebuilds by the arithmetic of the architecture and trains in no time."""

    def __init__(self, workshop: Workshop, threads: int) -> None:
        self._workshop = workshop
        self._running = False
        workshop.threads.append(threads)

    def start(self) -> None:
        """Count a process."""
        if not self._running:
            self._running = True
            self._workshop.begin()

    def close(self) -> None:
        """Count it back."""
        if self._running:
            self._running = False
            self._workshop.open -= 1

    def rebuild(self, architecture: Architecture) -> Rebuilt:
        """Rows and totals as they follow by arithmetic."""
        self.start()
        self._workshop.rebuilt.append(architecture)
        output = OutputCheck((2, NUM_CLASSES), 0.1, 1.0, 1.0, finite=True)
        return Rebuilt(architecture.rows, architecture.totals, architecture.input_shapes, output)

    def train(self, task: TrainingTask, on_progress: Callable[[Progress], None]) -> Training:
        """A result after one report of progress; GraderError where the workshop says so."""
        self.start()
        workshop = self._workshop
        with workshop.lock:
            workshop.trained.append(task)
            workshop.at_once += 1
            workshop.most_at_once = max(workshop.most_at_once, workshop.at_once)
        on_progress(Progress(1, 1, 0.5, 0.8, 0.7, 0.0))
        event = workshop.waits_for(task)
        if event is not None:
            assert event.wait(10)
        failed = workshop.fails(task)
        with workshop.lock:
            workshop.at_once -= 1
        if failed:
            raise GraderError("The worker process ended with signal 9.")
        return Training(
            key=training_key(task, versions()),
            outcome=workshop.outcome(task),
            accuracy=Splits(0.9, 0.8, 0.8),
            loss=Splits(0.1, 0.4, 0.4),
            epochs=task.protocol.epochs,
            seconds=1.0,
            cpu_seconds=1.0,
            seed=task.protocol.seed,
            threads=task.threads,
            history=History(),
        )


@pytest.fixture
def workshop(monkeypatch: pytest.MonkeyPatch) -> Workshop:
    """The stand-ins take the places of sandboxes and workers."""
    workshop = Workshop()

    def worker(threads: int, _data_path: Path | None) -> WorkerStandIn:
        return WorkerStandIn(workshop, threads)

    monkeypatch.setattr(grader.batch.bench, "Sandbox", lambda _limits: SandboxStandIn(workshop))
    monkeypatch.setattr(grader.batch.bench, "Worker", worker)
    return workshop


class MemoryStandIn:
    """Remembers everything, but failures of the grader's own, until it is gone."""

    def __init__(self) -> None:
        self.kept: dict[str, Result] = {}

    def get(self, task: Task) -> Result | None:
        """What was kept."""
        return self.kept.get(task.key)

    def keep(self, task: Task, result: Result) -> None:
        """Keep what is no failure."""
        if not is_failure(result):
            self.kept[task.key] = result


@pytest.fixture
def memory() -> MemoryStandIn:
    """A memory that is empty."""
    return MemoryStandIn()


def described(*layers: Described) -> bytes:
    """What leaves the sandbox for a network of these layers, one after the other."""
    return reply(chained((NUM_PIXELS,), *layers))


def make_part(part_id: str, hidden: int, calibrated: tuple[Any, ...] = ()) -> Part:
    """A part whose table has one hidden layer of this size, with relu."""
    count = (NUM_PIXELS + 1) * hidden + (hidden + 1) * NUM_CLASSES
    rows = (
        Row("Dense", (None, hidden), (NUM_PIXELS + 1) * hidden),
        Row("Activation", (None, hidden), 0),
        Row("Dense", (None, NUM_CLASSES), (hidden + 1) * NUM_CLASSES),
        Row("Activation", (None, NUM_CLASSES), 0),
    )
    return Part(
        id=part_id,
        sheet="faces_fc",
        title=part_id,
        question="",
        reference=Summary(rows, Totals(count, count, 0)),
        input_shape=(NUM_PIXELS,),
        num_classes=NUM_CLASSES,
        protocol=Protocol(2, 128, "adam", "categorical_crossentropy", "standardize-per-pixel", 1),
        points=dict.fromkeys(CheckName, 1.0),
        time_limit_seconds=60.0,
        calibrations=calibrated,
        stub=Path(f"{part_id}.py"),
    )


@pytest.fixture
def parts() -> list[Part]:
    """Part `fc_a` with 5 hidden units, part `fc_b` with 6."""
    return [make_part("fc_a", 5), make_part("fc_b", 6)]


@pytest.fixture
def spellings() -> Spellings:
    """Three ways to hand in a network of so many hidden units, by name.

    "fused" is the same network as "plain", "tanh" another one with the same rows.
    """
    softmax = layer("Activation", activation="softmax")

    def plain(hidden: int) -> bytes:
        relu = layer("Activation", activation="relu")
        return described(dense(hidden), relu, dense(NUM_CLASSES), softmax)

    def fused(hidden: int) -> bytes:
        return described(dense(hidden, "relu"), dense(NUM_CLASSES, "softmax"))

    def tanh(hidden: int) -> bytes:
        other = layer("Activation", activation="tanh")
        return described(dense(hidden), other, dense(NUM_CLASSES), softmax)

    return {"plain": plain, "fused": fused, "tanh": tanh}


@pytest.fixture
def submit() -> Submit:
    """Return a function that makes a submission of a name and sources by part."""

    def make(name: str, **codes: bytes) -> Submission:
        sources = {part: (Source(part, f"{part}.py", code),) for part, code in codes.items()}
        return Submission(name, Student(name), sources)

    return make


@pytest.fixture
def open_batch(workshop: Workshop, parts: Sequence[Part], memory: MemoryStandIn) -> OpenBatch:
    """Return a context manager that gives a batch for both parts; facts by name."""

    @contextmanager
    def opened(
        listener: Listener | None = None,
        num_slots: int = 2,
        *,
        is_tight: bool = False,
        **facts: Any,  # noqa: ANN401 - fields of several types
    ) -> Iterator[Batch]:
        listener = listener or Listener()
        chosen = Facts(**{"data_sha256": DATA_SHA256, "versions": versions(), **facts})
        with LocalExecutor(num_slots, None, listener.progressed, is_tight=is_tight) as executor:
            yield Batch(parts, chosen, executor, memory, listener)
        assert 0 == workshop.open

    return opened
