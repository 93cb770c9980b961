"""Convolutions in training: gradients in pieces of a batch are those of Keras' layer."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import tensorflow as tf
from keras import layers

from grader.records import Architecture
from grader.training.convolution import PiecewiseConv2D
from grader.training.rebuild import build_model
from grader.training.task import Kernels
from tests.described import layer
from tests.training.conftest import network

LARGE, SMALL = (48, 47, 4), (8, 7, 4)
OPTIONS: list[dict[str, Any]] = [
    {},
    {"padding": "same"},
    {"strides": 2},
    {"strides": (2, 1), "padding": "same"},
    {"kernel_size": (1, 5)},
    {"use_bias": False},
    {"activation": "relu", "kernel_regularizer": "l2"},
    {"bias_initializer": "ones"},
]
LEFT_TO_KERAS: list[tuple[tuple[int, ...], dict[str, Any]]] = [
    (SMALL, {}),
    (LARGE, {"dilation_rate": 2}),
    (LARGE, {"dtype": "float64"}),
]


def pair(**options: Any) -> tuple[Any, Any]:  # noqa: ANN401 - Keras ships no types
    """Keras' layer and the piecewise one, with the same first weights."""
    settings = {"filters": 5, "kernel_size": 3, "kernel_initializer": first_weights(), **options}
    return layers.Conv2D(**settings), PiecewiseConv2D(**settings)


def first_weights() -> Any:  # noqa: ANN401 - Keras ships no types
    """Weights that are the same each time and not alike."""
    return keras.initializers.RandomUniform(seed=1)


def step(layer: Any, size: int, image: tuple[int, ...]) -> list[np.ndarray]:  # noqa: ANN401 - Keras ships no types
    """The output, and gradients by the inputs and by all weights, for so many images."""
    random = np.random.default_rng(2)
    inputs = tf.constant(random.standard_normal((size, *image)), layer.compute_dtype)
    layer.build((None, *image))

    # Compiled for batches of any size, as `fit` does it: TensorFlow may choose other kernels there.
    @tf.function(input_signature=[tf.TensorSpec((None, *image), layer.compute_dtype)])  # type: ignore[untyped-decorator]  # tensorflow ships no types
    def compute(inputs: Any) -> Any:  # noqa: ANN401 - TensorFlow ships no types
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            output = layer(inputs, training=True)
            loss = tf.reduce_sum(tf.sin(output)) + sum(layer.losses)
        return output, tape.gradient(loss, [inputs, *[w.value for w in layer.trainable_weights]])

    output, gradients = compute(inputs)
    return [output.numpy(), *[gradient.numpy() for gradient in gradients]]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize("size", [1, 5, 8, 19])
def test_a_step_is_that_of_keras(size: int, options: dict[str, Any]) -> None:
    """Output and gradients agree with Keras' layer up to rounding, however small the batch."""
    of_keras, piecewise = (step(one, size, LARGE) for one in pair(**options))

    assert len(of_keras) == len(piecewise)
    for expected, actual in zip(of_keras, piecewise, strict=True):
        scale = np.abs(expected).max()
        np.testing.assert_allclose(actual / scale, expected / scale, rtol=0, atol=2e-5)


@pytest.mark.parametrize(("image", "options"), LEFT_TO_KERAS, ids=str)
def test_what_is_left_to_keras(image: tuple[int, ...], options: dict[str, Any]) -> None:
    """Not a bit differs where the layer is not covered, or where pieces would save nothing."""
    of_keras, piecewise = (step(one, 19, image) for one in pair(**options))

    assert all(map(np.array_equal, of_keras, piecewise))


def test_pieces_are_not_the_whole() -> None:
    """Covered layers do add up pieces: another order of sums rounds otherwise."""
    of_keras, piecewise = (step(one, 19, LARGE) for one in pair())

    assert not np.array_equal(of_keras[2], piecewise[2])


def wide_network() -> Architecture:
    """A network for the small images with two wide convolutions."""
    wide = layer("Conv2D", filters=512, kernel_size=[3, 3], padding="same")
    softmax = layer("Activation", activation="softmax")
    return network((8, 8, 3), wide, wide, layer("Flatten"), layer("Dense", units=3), softmax)


def test_weights_and_inference_are_those_of_keras() -> None:
    """With either kernel a model has the same weights, and the same output to the last bit."""
    models = [build_model(wide_network(), 1, kernels) for kernels in Kernels]
    images = np.random.default_rng(1).standard_normal((9, 8, 8, 3), dtype=np.float32)

    facts = [[(w.path, w.trainable, w.numpy().tolist()) for w in model.weights] for model in models]
    outputs = [model.predict(images, verbose=0) for model in models]

    assert facts[0] == facts[1]
    assert np.array_equal(*outputs)
