"""Training on what a part brings: numbers, yes and no, and ids, each read by its digest."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from grader.architecture.compiled import protocol_compile
from grader.errors import GraderError
from grader.records import DataFacts, Outcome, OwnData, Protocol, Splits
from grader.training.cache import TrainingCache
from grader.training.task import TrainingTask
from tests.described import dense, layer
from tests.training.conftest import PROTOCOL, network

if TYPE_CHECKING:
    from grader.training.worker import Worker
    from tests.training.conftest import MakeTask

pytestmark = pytest.mark.slow

REGRESSION = replace(
    PROTOCOL, epochs=20, batch_size=16, loss="mean_squared_error", learning_rate=0.1
)


def save(path: Path, targets: np.ndarray, examples: np.ndarray) -> OwnData:
    """The same examples in all splits, as the file that a part brings."""
    arrays = {f"x_{split}": examples for split in ("train", "valid", "test")}
    arrays |= {f"y_{split}": targets for split in ("train", "valid", "test")}
    np.savez(path, allow_pickle=False, **arrays)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return OwnData(path, DataFacts(path.name, sha256, ()))


@pytest.fixture
def numbers() -> np.ndarray:
    """Examples of three numbers each."""
    return np.random.default_rng(1).normal(size=(96, 3))


def task_on(make: MakeTask, data: OwnData, protocol: Protocol, *layers: dict) -> TrainingTask:  # type: ignore[type-arg] # as layer() gives them
    """The training of these layers on three numbers."""
    return make(
        architecture=network((3,), *layers),
        protocol=protocol,
        input_shape=(3,),
        num_classes=2 if protocol.loss == "binary_crossentropy" else 0,
        data_sha256=data.facts.sha256,
        data=data,
    )


def test_numbers_are_learnt_and_their_error_measured(
    worker: Worker, make_task: MakeTask, numbers: np.ndarray, tmp_path: Path
) -> None:
    """There is no accuracy; losses are errors, in the history too, and the result is kept whole."""
    data = save(tmp_path / "sums.npz", numbers @ np.array([[1, 0], [2, 1], [-1, 3]]), numbers)
    training = worker.train(task_on(make_task, data, REGRESSION, dense(2)))

    assert (Outcome.PASSED, 20) == (training.outcome, training.epochs)
    assert Splits(None, None, None) == training.accuracy
    assert training.loss.test is not None
    assert training.loss.test < 0.05
    assert training.history.loss[0] > 1
    assert training.loss.test == pytest.approx(training.history.val_loss[-1], rel=1e-4)
    assert ((), (), (), ()) == (
        training.confusion,
        training.wrong,
        training.history.accuracy,
        training.history.val_accuracy,
    )
    assert data.facts == training.data
    TrainingCache(tmp_path).put(training)
    assert training == TrainingCache(tmp_path).get(training.key)


def test_the_error_is_the_sheets_whatever_a_student_trains_with(
    worker: Worker, make_task: MakeTask, numbers: np.ndarray, tmp_path: Path
) -> None:
    """Another loss and a regularizer change what is learnt, not what is measured."""
    data = save(tmp_path / "set.npz", np.full(96, 3.0), numbers)
    usual = task_on(make_task, data, replace(REGRESSION, epochs=1, scaling="none"), dense(1))
    still = replace(
        protocol_compile(replace(REGRESSION, learning_rate=None)), loss="MeanAbsoluteError"
    )
    still = replace(still, optimizer_config={**still.optimizer_config, "learning_rate": 0.0})
    training = worker.train(replace(usual, compile=still))
    as_absolute = replace(usual.protocol, loss="mean_absolute_error")
    absolute = worker.train(replace(usual, compile=still, protocol=as_absolute))

    assert training.loss.test is not None
    assert absolute.loss.test is not None
    # The mean of squares is never below the square of the mean.
    assert training.loss.test > absolute.loss.test**2 > 1
    assert training.loss.test == pytest.approx(training.history.loss[0], rel=1e-4)


def test_yes_and_no(
    worker: Worker, make_task: MakeTask, numbers: np.ndarray, tmp_path: Path
) -> None:
    """One probability tells two classes apart, with an accuracy and who was taken for whom."""
    data = save(tmp_path / "signs.npz", (numbers[:, 0] > 0).astype(int), numbers)
    protocol = replace(REGRESSION, loss="binary_crossentropy")
    layers = dense(1), layer("Activation", activation="sigmoid")
    training = worker.train(task_on(make_task, data, protocol, *layers))

    assert training.accuracy.test is not None
    assert training.accuracy.test > 0.85
    assert training.accuracy.test == pytest.approx(training.accuracy.train)
    assert 96 == sum(map(sum, training.confusion))
    assert all(wrong.label != wrong.said for wrong in training.wrong)
    assert all(0.5 <= wrong.probability <= 1 for wrong in training.wrong)


def test_a_file_that_was_changed_is_not_trained_on(
    worker: Worker, make_task: MakeTask, numbers: np.ndarray, tmp_path: Path
) -> None:
    """The digest of the task is that of the file that was graded with."""
    data = save(tmp_path / "set.npz", np.ones(96), numbers)
    task = task_on(make_task, data, REGRESSION, dense(1))
    save(tmp_path / "set.npz", np.zeros(96), numbers)

    with pytest.raises(GraderError, match="but the worker was given"):
        worker.train(task)
