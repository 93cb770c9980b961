"""Masks that Keras hands on in functional models: no part of the network that a file describes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from grader.architecture.canonical import read_architecture
from grader.records import Architecture

pytestmark = pytest.mark.slow

Describe = Callable[..., dict[str, Any]]


def network(describe: Describe, body: str) -> Architecture:
    """The architecture of what `build_model` with this body returns."""
    document = describe(body)
    assert document["error"] is None
    return read_architecture(document["model"])


def functional(*lines: str) -> str:
    """A functional model of six ids, with these lines between its input and its output `x`."""
    start = "i = layers.Input((6,))\nx = layers.Embedding(50, 8, mask_zero=True)(i)"
    return "\n".join([start, *lines, "return keras.Model(i, layers.Dense(2)(x))"])


@pytest.mark.parametrize(
    "between",
    [
        ("x = layers.LSTM(4)(x)",),
        ("x = layers.LSTM(4, return_sequences=True)(x)", "x = layers.LSTM(4)(x)"),
        ("x = layers.Bidirectional(layers.GRU(4))(x)",),
        ("x = layers.Dropout(0.3)(x)", "x = layers.LSTM(4)(x)"),
        ("x = layers.GlobalAveragePooling1D()(x)",),
    ],
)
def test_a_functional_network_is_its_sequential_twin(
    describe_body: Describe, between: tuple[str, ...]
) -> None:
    """One network, and no row for an operation that nobody wrote."""
    inner = [line.removeprefix("x = ").removesuffix("(x)") for line in between]
    sequential = ", ".join(
        ["layers.Input((6,))", "layers.Embedding(50, 8, mask_zero=True)", *inner, "layers.Dense(2)"]
    )

    found = network(describe_body, functional(*between))

    assert network(describe_body, f"return keras.Sequential([{sequential}])").digest == found.digest
    assert "NotEqual" not in [layer.class_name for layer in found.layers]


def test_a_mask_of_ones_own_is_no_mask_of_keras(describe_body: Describe) -> None:
    """Other steps are skipped than the Embedding says: that is another network."""
    own = functional("x = layers.LSTM(4)(x, mask=keras.ops.not_equal(i, 3))")

    found = network(describe_body, own)

    assert network(describe_body, functional("x = layers.LSTM(4)(x)")).digest != found.digest
    assert "NotEqual" in [layer.class_name for layer in found.layers]
