"""Kernels: the fast ones are used unless the environment asks for Keras' own."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace

import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras

from grader.errors import UsageError
from grader.records import Training
from grader.sheets import find_part, load_sheets
from grader.training.batch_normalization import FusedBatchNormalization
from grader.training.convolution import PiecewiseConv2D
from grader.training.key import training_key
from grader.training.rebuild import build_model
from grader.training.task import Kernels, TrainingTask, asked_kernels, training_task
from grader.training.worker import Worker
from tests.described import dense, layer
from tests.training.conftest import network

MakeTask = Callable[..., TrainingTask]
VARIABLE = "GRADER_KERNELS"


def test_key_names_the_kernels(make_task: MakeTask) -> None:
    """Results of one are never taken for those of the other."""
    task = make_task()

    assert training_key(task, {}) != training_key(replace(task, kernels=Kernels.KERAS), {})


@pytest.mark.parametrize(
    ("kernels", "expected"),
    [
        (Kernels.FAST, [PiecewiseConv2D, FusedBatchNormalization]),
        (Kernels.KERAS, [keras.layers.Conv2D, keras.layers.BatchNormalization]),
    ],
)
def test_kernels_choose_the_layers(kernels: Kernels, expected: list[type]) -> None:
    """Keras' own are built where they are asked for."""
    architecture = network(
        (8, 8, 3),
        layer("Conv2D", filters=4, kernel_size=[3, 3]),
        layer("BatchNormalization"),
        layer("Flatten"),
    )

    model = build_model(architecture, 1, kernels)

    assert expected == [type(one) for one in model.layers[1:3]]


@pytest.mark.slow
def test_a_training_repeats_itself(worker: Worker, make_task: MakeTask) -> None:
    """With all of them the same numbers to the last bit each time, and Keras' own but for rounding.

    That each is used, and no other sum than Keras' own, is shown where each is tested.
    """
    # Of 128 filters the images are large enough to be convolved in pieces.
    wide = layer("Conv2D", filters=128, kernel_size=[3, 3], padding="same")
    relu, softmax = (layer("Activation", activation=name) for name in ("relu", "softmax"))
    block = [wide, layer("BatchNormalization"), relu]
    architecture = network((8, 8, 3), *block, *block, layer("Flatten"), dense(3), softmax)
    task = make_task(architecture=architecture, input_shape=(8, 8, 3), epochs=1)

    first, second, by_keras = (
        worker.train(one) for one in (task, task, replace(task, kernels=Kernels.KERAS))
    )

    assert without_times(first) == without_times(second)
    assert first.history.loss == pytest.approx(by_keras.history.loss, rel=1e-4)
    assert first.history.val_loss == pytest.approx(by_keras.history.val_loss, rel=1e-4)


def without_times(training: Training) -> Training:
    """The result without the times that it took."""
    return replace(training, seconds=0.0, cpu_seconds=0.0)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (None, Kernels.FAST),
        ("", Kernels.FAST),
        ("fast", Kernels.FAST),
        ("keras", Kernels.KERAS),
    ],
)
def test_environment_chooses_the_kernels(
    monkeypatch: pytest.MonkeyPatch, make_task: MakeTask, asked: str | None, expected: Kernels
) -> None:
    """A training has the fast kernels unless GRADER_KERNELS asks for Keras' own."""
    monkeypatch.delenv(VARIABLE, raising=False)
    if asked is not None:
        monkeypatch.setenv(VARIABLE, asked)
    network = make_task().architecture

    task = training_task(find_part(load_sheets(), "cnn_c"), network, None, "", 1)

    assert expected is task.kernels


def test_unknown_kernels(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another word in the variable is a wrong call, and the sentence says what can stand there."""
    monkeypatch.setenv(VARIABLE, "Keras")

    with pytest.raises(UsageError, match=f"{VARIABLE} is 'Keras', but it can only be fast or ker"):
        asked_kernels()
