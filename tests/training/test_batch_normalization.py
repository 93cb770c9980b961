"""Batch normalization in training: the fused operation does what Keras' layer does."""

from __future__ import annotations

import json
import os
import runpy
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import tensorflow as tf
from keras import layers

import data
from grader.architecture.canonical import read_architecture
from grader.records import Architecture
from grader.sandbox.network import network_of
from grader.sheets import find_part, load_sheets
from grader.training.batch_normalization import FusedBatchNormalization
from grader.training.rebuild import build_model
from grader.training.task import Kernels, training_task
from grader.training.worker import Worker

FAST, KERAS = Kernels.FAST, Kernels.KERAS
SOLUTIONS = Path(__file__).parents[2] / "solutions"
OPTIONS: list[dict[str, Any]] = [
    {},
    {"scale": False},
    {"center": False},
    {"scale": False, "center": False},
    {"axis": 3, "momentum": 0.5, "epsilon": 0.1},
    {"epsilon": 1e-7, "momentum": 0.0},
]
LEFT_TO_KERAS: list[tuple[tuple[int, ...], dict[str, Any]]] = [
    ((6, 4), {}),
    ((6, 5, 4), {}),
    ((2, 3, 3, 3, 4), {}),
    ((6, 5, 4, 3), {"axis": 1}),
    ((6, 5, 4, 3), {"renorm": True}),
    ((6, 5, 4, 3), {"synchronized": True}),
    ((6, 5, 4, 3), {"trainable": False}),
    ((6, 5, 4, 3), {"dtype": "float64"}),
]


def images(shape: tuple[int, ...]) -> np.ndarray:
    """Numbers around 1 with another spread in each channel; `shape` is with the batch axis."""
    random = np.random.default_rng(1)
    return random.standard_normal(shape, dtype=np.float32) * np.arange(1, shape[-1] + 1) + 1


def pair(shape: tuple[int, ...], **options: Any) -> tuple[Any, Any]:  # noqa: ANN401 - Keras ships no types
    """Keras' layer and the fused one, with the same weights, none of them 0 or 1."""
    both = layers.BatchNormalization(**options), FusedBatchNormalization(**options)
    for layer in both:
        layer.build(shape)
        random = np.random.default_rng(2)
        layer.set_weights([random.uniform(0.5, 2, w.shape) for w in layer.weights])
    return both


def trained(layer: Any, batch: np.ndarray, mask: Any = None) -> list[np.ndarray]:  # noqa: ANN401 - Keras ships no types
    """The output, gradients by input and trainable weights, and the weights after one step."""
    inputs = tf.constant(batch, dtype=layer.compute_dtype)
    upstream = tf.constant(np.random.default_rng(3).standard_normal(batch.shape), inputs.dtype)

    # Compiled, as `fit` does it: TensorFlow may choose other kernels there.
    @tf.function  # type: ignore[untyped-decorator]  # tensorflow ships no types
    def step() -> Any:  # noqa: ANN401 - TensorFlow ships no types
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            output = layer(inputs, training=True, mask=mask)
            loss = tf.reduce_sum(output * upstream)
        return output, tape.gradient(loss, [inputs, *[w.value for w in layer.trainable_weights]])

    output, gradients = step()
    return [output.numpy(), *[one.numpy() for one in gradients], *layer.get_weights()]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize(
    "shape", [(32, 8, 6, 5), (5, 7, 9, 4), (1, 6, 6, 3), (3, 1, 1, 2)], ids=str
)
def test_a_step_is_that_of_keras(shape: tuple[int, ...], options: dict[str, Any]) -> None:
    """Output, gradients and moving averages agree with Keras' layer up to rounding."""
    of_keras, of_fused = (trained(layer, images(shape)) for layer in pair(shape, **options))

    assert len(of_keras) == len(of_fused)
    for expected, actual in zip(of_keras, of_fused, strict=True):
        scale = np.abs(expected).max()
        np.testing.assert_allclose(actual / scale, expected / scale, rtol=0, atol=1e-5)


def test_the_operation_is_used() -> None:
    """Images in training are normalized by it: rounded otherwise than by Keras' layer."""
    of_keras, of_fused = (trained(layer, images((32, 8, 6, 5))) for layer in pair((32, 8, 6, 5)))

    assert not all(map(np.array_equal, of_keras, of_fused))


def test_one_number_for_each_channel() -> None:
    """A batch of one pixel has no variance, and the moving variance hears of 0, as with Keras."""
    _, fused = pair((1, 1, 1, 2), momentum=0.0)

    fused(np.array([[[[3.0, 5.0]]]], np.float32), training=True)

    assert [3.0, 5.0] == fused.moving_mean.numpy().tolist()
    assert [0.0, 0.0] == fused.moving_variance.numpy().tolist()


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_inference_is_keras_own(options: dict[str, Any]) -> None:
    """Outside of training not a bit differs."""
    batch = images((6, 5, 4, 3))
    of_keras, of_fused = (layer(batch, training=False) for layer in pair(batch.shape, **options))

    assert np.array_equal(of_keras, of_fused)


@pytest.mark.parametrize(("shape", "options"), LEFT_TO_KERAS, ids=str)
def test_what_is_left_to_keras(shape: tuple[int, ...], options: dict[str, Any]) -> None:
    """In training, too, not a bit differs where the operation does not cover the layer."""
    of_keras, of_fused = (trained(layer, images(shape)) for layer in pair(shape, **options))

    assert all(map(np.array_equal, of_keras, of_fused))


def test_masked_images_are_left_to_keras() -> None:
    """Pixels that a mask leaves out do not count."""
    shape = (6, 5, 4, 3)
    mask = tf.constant(np.random.default_rng(4).integers(0, 2, shape[:-1]), tf.bool)
    of_keras, of_fused = (trained(layer, images(shape), mask) for layer in pair(shape))

    assert all(map(np.array_equal, of_keras, of_fused))


def normalized_network() -> Architecture:
    """A network for the small images with batch normalization of images and of vectors."""
    return architecture_of(
        keras.Sequential(
            [
                keras.Input((8, 8, 3)),
                layers.Conv2D(4, 3, padding="same"),
                layers.BatchNormalization(),
                layers.Activation("relu"),
                layers.Flatten(),
                layers.Dense(6),
                layers.BatchNormalization(scale=False, trainable=False),
                layers.Dense(3),
                layers.Activation("softmax"),
            ]
        )
    )


def architecture_of(model: Any) -> Architecture:  # noqa: ANN401 - Keras ships no types
    """The architecture of a model, by way of the JSON that leaves the sandbox."""
    return read_architecture(json.loads(json.dumps(network_of(model))))


def test_weights_are_those_of_keras() -> None:
    """With either kernel a model has the same weights: names, order, trainability and values."""
    facts = [
        [(w.path, w.trainable, w.numpy().tolist()) for w in model.weights]
        for kernel in (KERAS, FAST)
        for model in [build_model(normalized_network(), 1, kernel)]
    ]

    assert facts[0] == facts[1]


# At full size what test_kernels.py shows of a small network.
@pytest.mark.slow
@pytest.mark.nightly
def test_losses_of_cnn_c() -> None:
    """An epoch of cnn_c comes to the same losses with either kernel, but for rounding."""
    part = find_part(load_sheets(), "cnn_c")
    part = replace(part, protocol=replace(part.protocol, epochs=1))
    solution = runpy.run_path(str(SOLUTIONS / part.sheet / f"{part.id}.py"))
    with Worker(threads=1) as worker:
        architecture = architecture_of(solution["build_model"]())
        task = training_task(part, architecture, None, data.load().sha256, worker.threads)
        fused = worker.train(task)
        by_keras = worker.train(replace(task, kernels=KERAS))

    # Rounding grows with every step: 16 of them are an epoch. The loss at its end is no measure:
    # moving averages of 16 steps are far from settled, and make much of little.
    assert fused.history.loss == pytest.approx(by_keras.history.loss, rel=0.01)
    assert fused.history != by_keras.history
