"""Calibrate, step 2: which trainings a part's threshold takes, each on a seed of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from grader.architecture.compiled import protocol_compile
from grader.calibration.variants import (
    with_default_initializers,
    with_dropout,
    with_hidden_activation,
)
from grader.grading import Solution
from grader.records import Part
from grader.training.key import training_key, versions
from grader.training.task import TrainingTask, training_task

# As `grader grade` trains.
THREADS = 1
# Each choice begins so many seeds after the one before it: no two trainings share a seed, so that
# all of them are independent of each other.
SEEDS_APART = 1000
_DROPOUT_CHOICES = (0.2, 0.5)
_DROPOUT_SLIP = 0.9
_LEARNING_RATE_SLIP = 1e-5


@dataclass(frozen=True)
class Counts:
    """Seeds for the reference and for each free choice; threads of the choice that has more."""

    num_seeds: int
    num_choice_seeds: int
    other_threads: int


@dataclass(frozen=True)
class Variant:
    """One way to write the part's network, and its trainings."""

    title: str
    tasks: tuple[TrainingTask, ...]


@dataclass(frozen=True)
class Plan:
    """All trainings of one part. A slip has one training, the other variants one for each seed."""

    part: Part
    reference: Variant
    choices: tuple[Variant, ...]
    slips: tuple[Variant, ...]

    @property
    def variants(self) -> tuple[Variant, ...]:
        """All of them, the reference first."""
        return (self.reference, *self.choices, *self.slips)


def make_plan(part: Part, solution: Solution, data_sha256: str, counts: Counts) -> Plan:
    """The trainings of this part on this data set; a choice that changes nothing is left out."""
    reference = training_task(
        part, solution.architecture, solution.compile, data_sha256, threads=THREADS
    )
    first = part.protocol.seed
    choices = tuple(
        Variant(title, _over_seeds(task, first + SEEDS_APART * number, counts.num_choice_seeds))
        for number, (title, task) in enumerate(_choices(reference, counts.other_threads), start=1)
        if _differs(task, reference)
    )
    slips = tuple(
        Variant(title, (task,)) for title, task in _slips(reference) if _differs(task, reference)
    )
    trained = Variant("reference", _over_seeds(reference, first, counts.num_seeds))
    return Plan(part, trained, choices, slips)


def _over_seeds(task: TrainingTask, first: int, count: int) -> tuple[TrainingTask, ...]:
    seeds = range(first, first + count)
    return tuple(replace(task, protocol=replace(task.protocol, seed=seed)) for seed in seeds)


def _choices(task: TrainingTask, other_threads: int) -> Iterator[tuple[str, TrainingTask]]:
    """What a table leaves free and students ordinarily choose."""
    network = task.architecture
    yield "default initializers", replace(task, architecture=with_default_initializers(network))
    for rate in _DROPOUT_CHOICES:
        yield f"dropout {rate:g}", replace(task, architecture=with_dropout(network, rate))
    elu = with_hidden_activation(network, "elu", instead_of="relu")
    yield "elu for relu", replace(task, architecture=elu)
    yield f"{other_threads} threads", replace(task, threads=other_threads)


def _slips(task: TrainingTask) -> Iterator[tuple[str, TrainingTask]]:
    """What should not reach the threshold."""
    network = task.architecture
    yield "untrained", replace(task, protocol=replace(task.protocol, epochs=0))
    config = task.compile or protocol_compile(task.protocol)
    slow = {**config.optimizer_config, "learning_rate": _LEARNING_RATE_SLIP}
    title = f"learning rate {_LEARNING_RATE_SLIP:g}"
    yield title, replace(task, compile=replace(config, optimizer_config=slow))
    sigmoid = with_hidden_activation(network, "sigmoid")
    yield "sigmoid in hidden layers", replace(task, architecture=sigmoid)
    dropped = with_dropout(network, _DROPOUT_SLIP)
    yield f"dropout {_DROPOUT_SLIP:g}", replace(task, architecture=dropped)


def _differs(task: TrainingTask, reference: TrainingTask) -> bool:
    installed = versions()
    return training_key(task, installed) != training_key(reference, installed)
