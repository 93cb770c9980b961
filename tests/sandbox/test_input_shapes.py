"""What is described where Keras refuses a layer for the shape of the network's input."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Describe = Callable[..., dict[str, Any]]

CONVOLUTIONS = "layers.Conv2D(2, 3), layers.Conv2D(2, 2)"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (f"return keras.Sequential([keras.Input((3, 6, 6)), {CONVOLUTIONS}])", "(3, 6, 6)"),
        (
            (
                "model = keras.Sequential()\n"
                "model.add(layers.Conv2D(2, 3, input_shape=(3, 6, 6)))\n"
                "model.add(layers.Conv2D(2, 2))"
            ),
            "(3, 6, 6)",
        ),
        (
            "shape = (3, 6, 6)\nx = keras.Input(shape)\n"
            "for layer in (" + CONVOLUTIONS + "):\n    x = layer(x)",
            "(3, 6, 6)",
        ),
        (
            "x = layers.Input(batch_shape=(None, None, 6, 6, 3))\nlayers.MaxPooling2D()(x)",
            "(None, 6, 6, 3)",
        ),
        (
            "keras.Sequential([layers.InputLayer((108,)), layers.Conv2D(2, 3)])",
            "(108,)",
        ),
        (
            "keras.Sequential([layers.Input((None, None, 3)), layers.Flatten(), layers.Dense(2)])",
            "(None, None, 3)",
        ),
        ("keras.Sequential([layers.Input((7, 7, 3)), layers.Reshape((108,))])", "(7, 7, 3)"),
    ],
)
def test_another_input_shape_is_the_cause_where_keras_refuses_a_layer(
    describe_body: Describe, body: str, found: str
) -> None:
    """Channels first, the batch axis, flat input, open sizes: found beside what is expected."""
    error = describe_body(body)["error"]

    assert error["rule"] == "input-shape"
    assert error["details"] == {"found": found, "expected": "(6, 6, 3)"}


@pytest.mark.parametrize(
    "body",
    [
        "keras.Sequential([layers.Input((6, 6, 3)), layers.Conv2D(2, 7)])",
        "keras.Sequential([layers.Input((3, 6, 6)), layers.Dense(-1)])",
        "x = keras.Input((3, 6, 6))\nint('shape')",
        (
            "a, b = keras.Input((6, 6, 3)), keras.Input((3,))\nlayers.Add()([a, b])\n"
            "layers.Conv2D(2, 3)(b)"
        ),
    ],
)
def test_the_input_shape_is_not_blamed_for_other_faults(describe_body: Describe, body: str) -> None:
    """The right shape, an error about something else or in the student's own line: as raised."""
    error = describe_body(body)["error"]

    assert error["rule"] == "exception"
