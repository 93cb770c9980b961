"""Adam in training: the fused operation does what Keras' optimizer does."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import tensorflow as tf

from grader.architecture.compiled import protocol_compile
from grader.records import CompileConfig
from grader.training.adam import FusedAdam
from grader.training.compile import optimizer_and_loss
from grader.training.task import Kernels
from tests.training.conftest import PROTOCOL

NUM_STEPS = 5
OPTIONS: list[dict[str, Any]] = [
    {},
    {"learning_rate": 0.1, "beta_1": 0.5, "beta_2": 0.7, "epsilon": 0.1},
    {"beta_1": 0.0},
    {"weight_decay": 0.1},
    {"clipnorm": 0.5},
    {"global_clipnorm": 0.5},
    {"use_ema": True, "ema_overwrite_frequency": 2},
    {"gradient_accumulation_steps": 2},
    {"learning_rate": keras.optimizers.schedules.ExponentialDecay(0.1, 2, 0.5)},
]


def steps(optimizer: Any, *, sparse: bool = False) -> list[np.ndarray]:  # noqa: ANN401 - Keras ships no types
    """Two weights and the optimizer's state after some steps."""
    random = np.random.default_rng(1)
    weights = [
        keras.Variable(random.standard_normal(shape), dtype="float32") for shape in ((5, 4), (4,))
    ]
    optimizer.build(weights)

    # Compiled, as `fit` does it.
    @tf.function  # type: ignore[untyped-decorator]  # tensorflow ships no types
    def step(wide: Any, narrow: Any) -> None:  # noqa: ANN401 - TensorFlow ships no types
        rows = tf.IndexedSlices(wide[:2], tf.constant([3, 1]), tf.constant([5, 4]))
        optimizer.apply([rows if sparse else wide, narrow], weights)

    for _ in range(NUM_STEPS):
        step(*(random.standard_normal(weight.shape).astype(np.float32) for weight in weights))
    return [variable.numpy() for variable in (*weights, *optimizer.variables)]


@pytest.mark.parametrize("options", OPTIONS, ids=", ".join)
def test_steps_are_those_of_keras(options: dict[str, Any]) -> None:
    """Weights and state agree with Keras' optimizer up to rounding."""
    by_keras, fused = (steps(made(**options)) for made in (keras.optimizers.Adam, FusedAdam))

    assert len(by_keras) == len(fused)
    for expected, actual in zip(by_keras, fused, strict=True):
        np.testing.assert_allclose(actual, expected, rtol=1e-5, atol=1e-6)


def test_the_operation_is_used() -> None:
    """What it covers it computes: rounded otherwise than by Keras' dozen of operations."""
    by_keras, fused = (steps(made()) for made in (keras.optimizers.Adam, FusedAdam))

    assert not all(map(np.array_equal, by_keras, fused))


@pytest.mark.parametrize(("options", "sparse"), [({"amsgrad": True}, False), ({}, True)])
def test_what_is_left_to_keras(options: dict[str, Any], sparse: bool) -> None:  # noqa: FBT001 - a parameter
    """Not a bit differs where the operation does not cover it."""
    by_keras, fused = (
        steps(made(**options), sparse=sparse) for made in (keras.optimizers.Adam, FusedAdam)
    )

    # The second weight's gradient is never sparse.
    both = zip(by_keras[:1] if sparse else by_keras, fused, strict=False)
    assert all(np.array_equal(expected, actual) for expected, actual in both)


@pytest.mark.parametrize(
    ("kernels", "expected"), [(Kernels.FAST, FusedAdam), (Kernels.KERAS, keras.optimizers.Adam)]
)
def test_kernels_choose_the_optimizer(kernels: Kernels, expected: type) -> None:
    """Keras' own is used where it is asked for, for the protocol's optimizer as for a student's."""
    given = protocol_compile(PROTOCOL)

    made = [optimizer_and_loss(one, PROTOCOL, kernels)[0] for one in (None, given)]

    assert [expected, expected] == [type(one) for one in made]


def test_other_optimizers_are_keras_own() -> None:
    """Only Adam has a fast form."""
    config = CompileConfig("Adamax", {"learning_rate": 0.1}, "MeanSquaredError", {})

    optimizer, _, _ = optimizer_and_loss(config, PROTOCOL, Kernels.FAST)

    assert keras.optimizers.Adamax is type(optimizer)
