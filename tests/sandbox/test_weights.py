"""Large weights in the sandbox: described without being drawn, and there for whoever reads them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.slow

Describe = Callable[..., dict[str, Any]]
# 5.3 million weights in the first layer.
LARGE = "layers.Input((6, 6, 3)), layers.Flatten(), layers.Dense(50000), layers.Dense(8)"


def test_more_weights_than_memory(describe_body: Describe) -> None:
    """Half a gigabyte of weights in one layer, which would need four times that to be drawn."""
    document = describe_body(
        "return keras.Sequential([layers.Input((6, 6, 3)), layers.Flatten(), "
        "layers.Dense(50000), layers.Dense(2600), layers.Dense(8)])"
    )

    assert document["error"] is None
    assert [50000, 2600, 8] == [
        layer["config"]["units"]
        for layer in document["model"]["layers"]
        if layer["class"] == "Dense"
    ]


@pytest.mark.parametrize(
    "use",
    [
        "drawn = model.get_weights()[0]; assert drawn.shape == (108, 50000) and drawn.std() > 0",
        "assert float(tf.math.reduce_std(model.layers[1].kernel)) > 0",
        "assert float(tf.math.reduce_std(model(tf.ones((1, 6, 6, 3))))) > 0",
        "model.predict(tf.ones((2, 6, 6, 3)), verbose=0)",
        "w = model.layers[1].kernel; w.assign(w * 0 + 1); assert float(tf.reduce_max(w)) == 1",
        "model.set_weights([w + 9 for w in model.get_weights()]); assert model.weights[1][0] > 5",
        "assert model.count_params() == 5850008; model.summary()",
        "model.compile('sgd', 'mse'); model.fit(tf.ones((2, 6, 6, 3)), tf.ones((2, 8)))",
    ],
)
def test_weights_are_there_when_read(describe_body: Describe, use: str) -> None:
    """Whatever a file does with them works as Keras has it, the first time too."""
    lines = [f"model = keras.Sequential([{LARGE}])", *use.split("; "), "return model"]

    assert describe_body("\n".join(lines))["error"] is None
