"""Networks as the sandbox describes them, for tests that begin where a description is read."""

from __future__ import annotations

import json
from typing import Any

Described = dict[str, Any]


def layer(class_name: str, **config: object) -> Described:
    """One layer."""
    return {
        "class": class_name,
        "origin": "keras",
        "kind": "layer",
        "name": "",
        "trainable": True,
        "config": config,
        "network": None,
    }


def dense(units: int, activation: str = "linear", bias: str = "Zeros") -> Described:
    """A Dense layer with all that its description has to say."""
    return layer(
        "Dense",
        units=units,
        activation=activation,
        use_bias=True,
        kernel_initializer={"class": "HeNormal", "origin": "keras", "config": {"seed": None}},
        bias_initializer={"class": bias, "origin": "keras", "config": {}},
    )


def chained(input_shape: tuple[int, ...], *layers: Described) -> Described:
    """The network of these layers, one after the other."""
    chain = [layer("InputLayer", batch_shape=[None, *input_shape], dtype="float32"), *layers]
    nodes = [
        {"layer": i, "inputs": [[i - 1, 0]] if i else [], "settings": {}} for i in range(len(chain))
    ]
    return {
        "kind": "Sequential",
        "name": "",
        "layers": chain,
        "nodes": nodes,
        "inputs": [0],
        "outputs": [[len(chain) - 1, 0]],
    }


def reply(network: Described) -> bytes:
    """The document that leaves the sandbox with this network."""
    head = {"format": 1, "status": "model", "answer": "", "answer_cut": 0, "error": None}
    return json.dumps(head | {"model": network, "compile": None, "notes": []}).encode()
