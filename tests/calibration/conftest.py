"""A small part on a small data set, a network for it, and trainings that take no time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

import grader.batch.bench
from data import DataSet, make_dataset
from grader.architecture import read_description
from grader.grading import Solution
from grader.records import (
    CheckName,
    History,
    Outcome,
    Part,
    Progress,
    Protocol,
    Row,
    Splits,
    Summary,
    Totals,
    Training,
)
from grader.training.key import training_key, versions
from grader.training.task import TrainingTask
from tests.described import Described, chained, dense, layer, reply

NUM_CLASSES, SIDE = 3, 8
NUM_PIXELS = SIDE * SIDE * 3


@dataclass
class Workshop:
    """What the stand-in for the workers was asked for, and how it is to behave."""

    trained: list[TrainingTask] = field(default_factory=list)
    accuracy: Callable[[TrainingTask], float | None] = lambda _: 0.5
    outcome: Callable[[TrainingTask], Outcome] = lambda _: Outcome.PASSED
    num_open: int = 0


class WorkerStandIn:
    """Trains in no time."""

    def __init__(self, workshop: Workshop, threads: int) -> None:
        self._workshop = workshop
        self._threads = threads

    def close(self) -> None:
        """There is no process to end."""

    def train(self, task: TrainingTask, on_progress: Callable[[Progress], None]) -> Training:
        """The accuracy and outcome that the workshop gives for the task."""
        assert task.threads == self._threads
        self._workshop.trained.append(task)
        on_progress(Progress(1, 1, 0.5, 0.8, 0.7, 0.0))
        test = self._workshop.accuracy(task)
        return Training(
            key=training_key(task, versions()),
            outcome=self._workshop.outcome(task),
            accuracy=Splits(0.9, 0.6, test),
            loss=Splits(0.1, 0.4, 0.4),
            epochs=task.protocol.epochs,
            seconds=1.0,
            cpu_seconds=1.0,
            seed=task.protocol.seed,
            threads=task.threads,
            history=History(),
            message="It went as it went.",
        )


@pytest.fixture
def workshop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    """The stand-in takes the workers' place; the cache is a folder of the test's."""
    workshop = Workshop()

    def worker(threads: int, _data_path: Path | None) -> WorkerStandIn:
        return WorkerStandIn(workshop, threads)

    monkeypatch.setattr(grader.batch.bench, "Worker", worker)
    monkeypatch.setenv("GRADER_CACHE", str(tmp_path / "cache"))
    return workshop


@pytest.fixture
def part(tmp_path: Path) -> Part:
    """A part whose table has one hidden layer of five units, with relu and dropout."""
    hidden = (NUM_PIXELS + 1) * 5
    count = hidden + 6 * NUM_CLASSES
    rows = (
        Row("Dense", (None, 5), hidden),
        Row("Activation", (None, 5), 0),
        Row("Dropout", (None, 5), 0),
        Row("Dense", (None, NUM_CLASSES), 6 * NUM_CLASSES),
        Row("Activation", (None, NUM_CLASSES), 0),
    )
    return Part(
        id="tiny",
        sheet="small_sheet",
        title="One hidden layer",
        question="",
        reference=Summary(rows, Totals(count, count, 0)),
        input_shape=(NUM_PIXELS,),
        num_classes=NUM_CLASSES,
        protocol=Protocol(2, 128, "adam", "categorical_crossentropy", "standardize-per-pixel", 1),
        points=dict.fromkeys(CheckName, 1.0),
        time_limit_seconds=60.0,
        calibrations=(),
        stub=tmp_path / "exercises" / "small_sheet" / "tiny.py",
    )


@pytest.fixture
def solution(part: Part) -> Solution:
    """The part's network, as its description gives it: he_normal, relu, dropout 0.3."""
    return described(
        part,
        dense(5, bias="Ones"),
        layer("Activation", activation="relu"),
        layer("Dropout", rate=0.3, seed=None, noise_shape=None),
        dense(NUM_CLASSES, bias="Ones"),
        layer("Activation", activation="softmax"),
    )


@pytest.fixture
def plain(part: Part) -> Solution:
    """A network of one layer, without anything hidden."""
    return described(
        part, dense(NUM_CLASSES, bias="Ones"), layer("Activation", activation="softmax")
    )


@pytest.fixture(scope="session")
def dataset() -> DataSet:
    """Noise for three persons, the second of whom has the most training images; 40 to test."""
    rng = np.random.default_rng(1)
    labels = {
        "train": np.array([0, 1, 1, 1, 2]),
        "valid": np.array([0, 1, 2]),
        "test": np.array([0] * 20 + [1] * 10 + [2] * 10),
    }
    arrays = {f"y_{split}": values for split, values in labels.items()}
    for split, values in labels.items():
        shape = (len(values), SIDE, SIDE, 3)
        arrays[f"x_{split}"] = rng.integers(0, 256, shape).astype(np.uint8)
    return make_dataset(arrays, names=("Ann", "Bob", "Cleo"), name="small")


def described(part: Part, *layers: Described) -> Solution:
    """These layers one after the other, read as a description."""
    description = read_description(reply(chained((NUM_PIXELS,), *layers)), part, "")
    assert description.architecture is not None
    return Solution(description.architecture, description.compile)
