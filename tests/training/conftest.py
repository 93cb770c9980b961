"""Small data and networks to train, and a worker that trains them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from data import DataSet, load, make_dataset, write_own_file
from grader.architecture.canonical import read_architecture
from grader.architecture.compiled import protocol_compile
from grader.records import Architecture, CompileConfig, Json, Protocol
from grader.training.task import Kernels, TrainingTask
from grader.training.worker import Worker
from tests.described import Described, chained, dense, layer

SIDE, NUM_CLASSES = 8, 3
NUM_PIXELS = SIDE * SIDE * 3
PROTOCOL = Protocol(
    epochs=3,
    batch_size=32,
    optimizer="adam",
    loss="categorical_crossentropy",
    scaling="standardize-per-pixel",
    seed=1,
)

MakeTask = Callable[..., TrainingTask]


def network(input_shape: tuple[int, ...], *layers: Described) -> Architecture:
    """These layers one after the other, as the checked architecture of a description."""
    return read_architecture(chained(input_shape, *layers))


def classifier(*hidden: int) -> Architecture:
    """Dense layers of these sizes with relu, then a softmax over the classes."""
    layers: list[dict[str, Json]] = []
    for units in hidden:
        layers += [dense(units), layer("Activation", activation="relu")]
    last = [dense(NUM_CLASSES), layer("Activation", activation="softmax")]
    return network((NUM_PIXELS,), *layers, *last)


def plain_descent(learning_rate: float) -> CompileConfig:
    """Plain gradient descent with the protocol's loss."""
    standard = protocol_compile(replace(PROTOCOL, optimizer="sgd"))
    settings = {**standard.optimizer_config, "learning_rate": learning_rate}
    return replace(standard, optimizer_config=settings)


@pytest.fixture(scope="session")
def dataset() -> DataSet:
    """Small pictures of three persons, who differ a little in their mean brightness."""
    rng = np.random.default_rng(1)
    arrays: dict[str, np.ndarray] = {}
    for split, rounds in (("train", 32), ("valid", 7), ("test", 9)):
        labels = np.tile(np.arange(NUM_CLASSES), rounds)
        noise = rng.integers(0, 200, (len(labels), SIDE, SIDE, 3))
        arrays[f"x_{split}"] = (noise + 15 * labels[:, None, None, None]).astype(np.uint8)
        arrays[f"y_{split}"] = labels
    return make_dataset(arrays, names=("Ann", "Bob", "Cleo"), name="small")


@pytest.fixture(scope="session")
def data_file(dataset: DataSet, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, as a file."""
    path = tmp_path_factory.mktemp("data") / "small.npz"
    write_own_file(dataset, path)
    assert load(path).sha256 == dataset.sha256
    return path


@pytest.fixture
def make_task(dataset: DataSet) -> MakeTask:
    """Return a function that makes a training of a small network.

    Its hidden layers, its number of epochs and the rate of plain gradient descent (instead of the
    protocol's optimizer) can be given, and any field of the task by name.
    """

    def make(
        *hidden: int,
        epochs: int = 3,
        learning_rate: float | None = None,
        **changes: Any,  # noqa: ANN401 - fields of several types
    ) -> TrainingTask:
        task = TrainingTask(
            architecture=classifier(*(hidden or (16,))),
            compile=None if learning_rate is None else plain_descent(learning_rate),
            protocol=replace(PROTOCOL, epochs=epochs),
            input_shape=(NUM_PIXELS,),
            num_classes=NUM_CLASSES,
            time_limit_seconds=60.0,
            data_sha256=dataset.sha256,
            threads=1,
            kernels=Kernels.FAST,
        )
        return replace(task, **changes)

    return make


def square(side: int, **kernel: Json) -> Architecture:
    """A network with a square kernel of that side between others, with these settings of it."""
    middle = dense(side)
    middle["config"] = {**cast("dict[str, Json]", middle["config"]), **kernel}
    last = [dense(NUM_CLASSES), layer("Activation", activation="softmax")]
    return network((NUM_PIXELS,), dense(side), middle, *last)


@pytest.fixture
def orthogonal() -> Callable[[int], Architecture]:
    """Return a function that makes a network whose square kernel of that side starts orthogonal."""
    initializer: Json = {"class": "Orthogonal", "origin": "keras", "config": {}}
    return lambda side: square(side, kernel_initializer=initializer)


@pytest.fixture
def constrained() -> Callable[[dict[str, Json]], Architecture]:
    """Return a function that makes a network whose square kernel has that constraint."""
    return lambda constraint: square(4, kernel_constraint=constraint)


@pytest.fixture(scope="session")
def worker(data_file: Path) -> Iterator[Worker]:
    """A worker with one thread and the small data; what ended it before, it starts anew."""
    with Worker(threads=1, data_path=data_file) as one:
        yield one
