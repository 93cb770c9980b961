"""Training: the protocol is followed, the figures are right, and the same gives the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from data import DataSet
from grader.architecture.compiled import protocol_compile
from grader.errors import GraderError, SheetError
from grader.records import History, Outcome, Progress, Splits, Training
from grader.training.task import TrainingTask
from grader.training.worker import Worker

pytestmark = pytest.mark.slow

MakeTask = Callable[..., TrainingTask]
LONG = 100_000


def numbers(training: Training) -> Training:
    """The result without the times that it took."""
    return replace(training, seconds=0.0, cpu_seconds=0.0)


def test_same_training_in_two_processes(
    worker: Worker, data_file: Path, make_task: MakeTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two processes get the same numbers of the same training.

    Also after other trainings, and whatever the user's shell sets for Keras and TensorFlow.
    """
    task = make_task(16, 8)
    worker.train(make_task(8))
    monkeypatch.setenv("KERAS_BACKEND", "numpy")
    monkeypatch.setenv("KERAS_MAX_EPOCHS", "1")
    monkeypatch.setenv("TF_NUM_INTRAOP_THREADS", "2")
    with Worker(threads=1, data_path=data_file) as other:
        first = other.train(task)

    assert numbers(first) == numbers(worker.train(task))


def test_two_threads_repeat_themselves(data_file: Path, make_task: MakeTask) -> None:
    """With two threads, too, the same training gives the same numbers."""
    task = make_task(64, threads=2)
    with Worker(threads=2, data_path=data_file) as pair:
        first, second = pair.train(task), pair.train(task)

    assert numbers(first) == numbers(second)


def test_seed_matters(worker: Worker, make_task: MakeTask) -> None:
    """Another seed in the protocol draws other weights and other batches."""
    task = make_task()
    other = replace(task, protocol=replace(task.protocol, seed=2))

    assert worker.train(task).history != worker.train(other).history


def test_learns_what_differs(worker: Worker, make_task: MakeTask) -> None:
    """A network learns to tell persons apart whose pictures differ in their mean."""
    training = worker.train(make_task(epochs=60))

    assert Outcome.PASSED == training.outcome
    assert training.accuracy.train is not None
    assert training.accuracy.train > 0.9


def test_history_has_every_epoch(worker: Worker, make_task: MakeTask) -> None:
    """The history holds one figure for each epoch, and the last ones are those of the end."""
    training = worker.train(make_task(epochs=4))
    history = training.history

    lists = (history.loss, history.accuracy, history.val_loss, history.val_accuracy)

    assert 4 == training.epochs
    assert [4, 4, 4, 4] == [len(figures) for figures in lists]
    assert history.val_accuracy[-1] == pytest.approx(training.accuracy.valid)
    assert history.val_loss[-1] == pytest.approx(training.loss.valid)


def test_confusion_and_wrong_images_agree(
    worker: Worker, dataset: DataSet, make_task: MakeTask
) -> None:
    """Each test image is in the matrix once, at its label; those off the diagonal are listed."""
    training = worker.train(make_task())
    confusion = np.array(training.confusion)

    assert [9, 9, 9] == confusion.sum(axis=1).tolist()
    assert len(training.wrong) == confusion.sum() - np.trace(confusion)
    assert training.accuracy.test == pytest.approx(np.trace(confusion) / 27)
    for image in training.wrong:
        assert image.label == dataset.y_test[image.index]
        assert image.said != image.label
        assert 1 / 3 <= image.probability <= 1


def test_progress_after_each_epoch(worker: Worker, make_task: MakeTask) -> None:
    """The caller hears of each epoch with its figures, and no time is left after the last."""
    heard: list[Progress] = []
    training = worker.train(make_task(), heard.append)

    assert [1, 2, 3] == [progress.epoch for progress in heard]
    assert list(training.history.val_accuracy) == [progress.val_accuracy for progress in heard]
    assert heard[0].seconds_left > 0
    assert heard[-1].seconds_left == 0


def test_stopped_at_time_limit(worker: Worker, make_task: MakeTask) -> None:
    """At the limit a training stops and tells the epochs finished and the accuracy reached."""
    training = worker.train(make_task(epochs=LONG, time_limit_seconds=2.0))

    assert Outcome.TIMED_OUT == training.outcome
    assert 0 < training.epochs < LONG
    assert training.epochs == len(training.history.loss)
    assert training.accuracy.test is not None
    told = re.search(
        rf"after (\d+) s of computing time, the limit of this part on this machine, with "
        rf"{training.epochs} of ",
        training.message,
    )
    # Longer on a slow machine.
    limit = int(told[1]) if told else 0
    assert 2 <= limit <= training.cpu_seconds + 0.5
    assert training.cpu_seconds < 2 * limit
    assert f"test accuracy by then was {training.accuracy.test:.2f}." in training.message


def test_time_limit_within_an_epoch(worker: Worker, make_task: MakeTask) -> None:
    """A training does not wait for the end of an epoch: it stops at the next batch."""
    training = worker.train(make_task(time_limit_seconds=0.0))

    assert (Outcome.TIMED_OUT, 0) == (training.outcome, training.epochs)


def test_loss_not_finite(worker: Worker, make_task: MakeTask) -> None:
    """A loss that is not a number ends the training at once; no such number is in the result."""
    training = worker.train(make_task(8, 8, epochs=LONG, learning_rate=1e30))

    assert Outcome.FAILED == training.outcome
    assert Splits(None, None, None) == training.accuracy == training.loss
    assert History() == training.history
    assert f"The loss became nan in epoch 1 of {LONG}" in training.message


def test_integer_labels(worker: Worker, make_task: MakeTask) -> None:
    """A loss that takes integers gets integers, and comes to what the one-hot one comes to."""
    one_hot = make_task()
    compiled = protocol_compile(one_hot.protocol)
    sparse = replace(compiled, loss="SparseCategoricalCrossentropy", loss_config={})
    expected, training = worker.train(one_hot), worker.train(replace(one_hot, compile=sparse))

    assert expected.confusion == training.confusion
    assert expected.history.loss == pytest.approx(training.history.loss, rel=1e-4)
    assert expected.history.accuracy == pytest.approx(training.history.accuracy)


def test_own_optimizer_is_used(worker: Worker, make_task: MakeTask) -> None:
    """The optimizer of the compile settings trains, not the protocol's."""
    still = worker.train(make_task(learning_rate=0.0))

    assert still.history.val_loss[0] == still.history.val_loss[-1]


def test_other_data_than_asked_for(worker: Worker, make_task: MakeTask) -> None:
    """A worker does not train on a data set that the task was not made for."""
    task = make_task(data_sha256="0" * 64)

    with pytest.raises(GraderError, match="for the data set 000000000000, but the worker was"):
        worker.train(task)


def test_scaling_is_known(worker: Worker, make_task: MakeTask) -> None:
    """A protocol with an unknown scaling is the author's to mend."""
    task = make_task()
    task = replace(task, protocol=replace(task.protocol, scaling="unit"))

    with pytest.raises(SheetError, match='Write scaling = "standardize-per-pixel"'):
        worker.train(task)
