"""Convolutions piece by piece: which layers go so, and that they do what Keras' layers do."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import tensorflow as tf
from keras import layers, regularizers

from grader.architecture.canonical import read_architecture
from grader.records import Architecture
from grader.sandbox.network import network_of
from grader.training.rebuild import build_model
from grader.training.task import Kernels, TrainingTask
from grader.training.trunk import Trunk, trunk_of
from grader.training.worker import Worker

MakeTask = Callable[..., TrainingTask]
SIDE, BATCH = 48, 128


def conv(channels: int = 32, **settings: Any) -> Any:  # noqa: ANN401 - Keras ships no types
    """A convolution that keeps height and width."""
    return layers.Conv2D(channels, 3, padding="same", **settings)


def architecture_of(model: Any) -> Architecture:  # noqa: ANN401 - Keras ships no types
    """The architecture of a model, by way of the JSON that leaves the sandbox."""
    return read_architecture(json.loads(json.dumps(network_of(model))))


def network(*hidden: Any, side: int = SIDE) -> Architecture:  # noqa: ANN401 - Keras ships no types
    """These layers on coloured images, then a softmax over three classes."""
    last = [layers.Flatten(), layers.Dense(3, activation="softmax")]
    return architecture_of(keras.Sequential([keras.Input((side, side, 3)), *hidden, *last]))


def joined() -> Architecture:
    """A network whose second convolution is added to the first."""
    given = keras.Input((SIDE, SIDE, 3))
    first = conv()(given)
    second = conv()(first)
    added = conv()(layers.Add()([first, second]))
    return architecture_of(keras.Model(given, layers.Dense(3)(layers.Flatten()(added))))


def used_again() -> Architecture:
    """A network whose second convolution is used three times."""
    given, twice = keras.Input((SIDE, SIDE, 3)), conv()
    tensor = twice(twice(twice(conv()(given))))
    return architecture_of(keras.Model(given, layers.Dense(3)(layers.Flatten()(tensor))))


def with_second_output() -> Architecture:
    """A network that gives out what its second convolution gives."""
    given = keras.Input((SIDE, SIDE, 3))
    second = conv()(conv()(given))
    return architecture_of(keras.Model(given, [conv()(second), second]))


def with_two_inputs() -> Architecture:
    """A network of two images."""
    given = [keras.Input((SIDE, SIDE, 3)) for _ in range(2)]
    tensor = conv()(conv()(layers.Add()(given)))
    return architecture_of(keras.Model(given, layers.Dense(3)(layers.Flatten()(tensor))))


@pytest.mark.parametrize(
    ("architecture", "batch_size", "expected"),
    [
        (network(conv(), conv()), BATCH, Trunk(2, 8)),
        (network(conv(), layers.ReLU(), conv(), layers.MaxPooling2D()), BATCH, Trunk(4, 8)),
        # Four megabytes in a piece.
        (network(conv(), conv()), 32, Trunk(2, 2)),
        (network(conv(), conv()), 16, None),
        (network(conv(4), conv(4), side=8), BATCH, None),
        (network(conv(), layers.BatchNormalization(), conv()), BATCH, None),
        (network(conv(), conv(), layers.BatchNormalization(), conv()), BATCH, Trunk(2, 8)),
        (network(conv(), layers.GaussianNoise(0.1), conv()), BATCH, None),
        (network(conv(), layers.Softmax(axis=0), conv()), BATCH, None),
        (network(conv(), conv(), conv(activity_regularizer="l2")), BATCH, Trunk(2, 8)),
        (network(layers.Dense(32), layers.Dense(32)), BATCH, None),
        (joined(), BATCH, None),
        (used_again(), BATCH, None),
        (with_second_output(), BATCH, Trunk(2, 8)),
        (with_two_inputs(), BATCH, None),
    ],
)
def test_trunk(architecture: Architecture, batch_size: int, expected: Trunk | None) -> None:
    """Large images go piece by piece as long as each example's numbers are its own."""
    assert expected == trunk_of(architecture, batch_size)


def random_network() -> Architecture:
    """A network with every random layer that may go piece by piece, and with a penalty."""
    return network(
        conv(4, kernel_regularizer=regularizers.L2(0.1)),
        layers.Dropout(0.3),
        conv(5, activation="relu"),
        layers.SpatialDropout2D(0.4),
        layers.MaxPooling2D(),
        layers.Dropout(0.5, noise_shape=(None, 1, 4, 5)),
        side=8,
    )


def steps(model: Any, batches: list[np.ndarray]) -> list[np.ndarray]:  # noqa: ANN401 - Keras ships no types
    """The losses of some steps, their last gradients, and the states of random layers."""
    generator = np.random.default_rng(3)

    # Compiled, as `fit` does it, for batches of any size.
    @tf.function(
        input_signature=[tf.TensorSpec((None, *batches[0].shape[1:])), tf.TensorSpec((None, 3))]
    )  # type: ignore[untyped-decorator]  # tensorflow ships no types
    def step(images: Any, upstream: Any) -> Any:  # noqa: ANN401 - TensorFlow ships no types
        with tf.GradientTape() as tape:
            output = model(images, training=True)
            loss = tf.reduce_sum(output * upstream) + tf.add_n(model.losses)
        return loss, tape.gradient(loss, [weight.value for weight in model.trainable_weights])

    losses = []
    for batch in batches:
        upstream = generator.standard_normal((len(batch), 3), dtype=np.float32)
        loss, gradients = step(batch, upstream)
        losses.append(loss.numpy())
    states = [weight.numpy() for weight in model.non_trainable_variables]
    return [np.array(losses), *[gradient.numpy() for gradient in gradients], *states]


@pytest.mark.parametrize("num_pieces", [1, 2, 3, 8])
def test_steps_are_those_of_keras(num_pieces: int) -> None:
    """Losses and gradients agree with whole batches up to rounding, masks of dropout included."""
    architecture = random_network()
    trunk = Trunk(last=7, num_pieces=num_pieces)
    assert architecture.layers[trunk.last].class_name == "Dropout"
    random = np.random.default_rng(1)
    batches = [random.standard_normal((size, 8, 8, 3), dtype=np.float32) for size in (16, 13, 8)]

    whole, in_pieces = (
        steps(build_model(architecture, 1, trunk=one), batches) for one in (None, trunk)
    )

    assert len(whole) == len(in_pieces)
    for expected, actual in zip(whole, in_pieces, strict=True):
        scale = np.abs(expected).max()
        np.testing.assert_allclose(actual / scale, expected / scale, rtol=0, atol=1e-5)


def test_weights_and_inference_are_those_of_keras() -> None:
    """A model has the same weights, and outside of training the same output to the last bit."""
    models = [
        build_model(random_network(), 1, trunk=trunk)
        for trunk in (None, Trunk(last=7, num_pieces=2))
    ]
    images = np.random.default_rng(1).standard_normal((5, 8, 8, 3), dtype=np.float32)

    facts = [[(w.name, w.trainable, w.numpy().tolist()) for w in model.weights] for model in models]
    whole, in_pieces = (model(images, training=False) for model in models)

    assert facts[0] == facts[1]
    assert np.array_equal(whole, in_pieces)


@pytest.fixture
def task(make_task: MakeTask) -> TrainingTask:
    """A training whose batches go through two wide convolutions in pieces."""
    wide = network(conv(512, activation="relu"), conv(2), layers.Dropout(0.5), side=8)
    one = make_task(architecture=wide, input_shape=(8, 8, 3))
    # The last batch has as few examples as there are.
    return replace(one, protocol=replace(one.protocol, epochs=2, batch_size=95))


@pytest.mark.slow
def test_a_training_repeats_itself(worker: Worker, task: TrainingTask) -> None:
    """Pieces give the same numbers to the last bit, and Keras' own up to rounding."""
    assert trunk_of(task.architecture, task.protocol.batch_size) is not None

    first, second, by_keras = (
        worker.train(one) for one in (task, task, replace(task, kernels=Kernels.KERAS))
    )

    assert first.history == second.history
    assert first.history.loss == pytest.approx(by_keras.history.loss, rel=1e-4)
    assert first.history.val_loss == pytest.approx(by_keras.history.val_loss, rel=1e-4)
