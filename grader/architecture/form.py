"""Form: the layers and connections of a reply, each looked at once and put into records.

Keys, types and lengths are checked, and that no code of the student's is in it. Whether the
connections make sense is found out where they are followed (`network`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from grader.architecture.refusals import OwnCodeError, ReplyError
from grader.architecture.reply import checked_fields
from grader.architecture.values import (
    Check,
    Config,
    choice,
    flag,
    flat_text,
    listed,
    optional,
    shown,
    whole,
)
from grader.records import Json

MAX_LAYERS = 2_000
MAX_STEPS = 5_000
# No class of Keras' has half as many settings. A network inside is called many times, so that
# they would be gone through as often.
MAX_SETTINGS = 60
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.>|]{0,99}")
# Keras' own classes that run code of the student's.
_CODE_CLASSES = frozenset({"Lambda", "TFSMLayer", "JaxLayer", "FlaxLayer", "TorchModuleWrapper"})


def _mapping(value: Json) -> Json:
    if not isinstance(value, dict):
        raise ReplyError(f"{shown(value)} is no object")
    return value


def _settings(value: Json) -> Json:
    found = _mapping(value)
    if isinstance(found, dict) and len(found) > MAX_SETTINGS:
        raise ReplyError(f"{len(found)} settings, at most {MAX_SETTINGS}")
    return found


_INDEX = whole(0, 10**6)
_REFERENCE = listed(_INDEX, 2, 2)
_NETWORK: Mapping[str, Check] = {
    "kind": choice("Sequential", "Functional"),
    "name": flat_text(1000),
    "layers": listed(_mapping, MAX_LAYERS, 1),
    "nodes": listed(_mapping, MAX_STEPS, 1),
    "inputs": listed(_INDEX, 64, 1),
    "outputs": listed(_REFERENCE, 64, 1),
}
_LAYER: Mapping[str, Check] = {
    "class": flat_text(100),
    "origin": choice("keras", "own"),
    "kind": choice("layer", "operation", "network"),
    "name": flat_text(1000),
    "trainable": flag,
    "config": _settings,
    "network": optional(_mapping),
}
_NODE: Mapping[str, Check] = {
    "layer": _INDEX,
    "inputs": listed(_REFERENCE, 64),
    "settings": _settings,
}


@dataclass(frozen=True)
class GivenLayer:
    """A layer as the reply has it; `network` is what a network inside consists of."""

    class_name: str
    kind: str
    name: str
    trainable: bool
    config: Config
    network: GivenNetwork | None


@dataclass(frozen=True)
class GivenNode:
    """One use of a layer, given as an index; `inputs` are pairs of a node and its output."""

    layer: int
    inputs: tuple[tuple[int, int], ...]
    settings: Config


@dataclass(frozen=True)
class GivenNetwork:
    """A network as the reply has it: `inputs` are nodes, `outputs` pairs as in nodes."""

    kind: str
    layers: tuple[GivenLayer, ...]
    nodes: tuple[GivenNode, ...]
    inputs: tuple[int, ...]
    outputs: tuple[tuple[int, int], ...]


def read_form(found: Mapping[str, Json]) -> GivenNetwork:
    """The network of a reply, with those inside it.

    Raises ReplyError where its form breaks a rule, OwnCodeError where it holds a layer of the
    student's own.
    """
    network = checked_fields(found, _NETWORK, "network")
    layers = tuple(_layer(layer) for layer in _objects(network["layers"]))
    nodes = tuple(_node(node, len(layers)) for node in _objects(network["nodes"]))
    inputs = tuple(_numbers(network["inputs"]))
    if len(set(inputs)) != len(inputs) or max(inputs) >= len(nodes):
        raise ReplyError("inputs that are no nodes, or twice the same one")
    if any(layers[nodes[index].layer].class_name != "InputLayer" for index in inputs):
        raise ReplyError("an input that is no InputLayer")
    outputs = tuple(_references(network["outputs"]))
    return GivenNetwork(str(network["kind"]), layers, nodes, inputs, outputs)


def _layer(found: Mapping[str, Json]) -> GivenLayer:
    layer = checked_fields(found, _LAYER, "layer")
    _refuse_own_code(layer)
    config, network = layer["config"], layer["network"]
    return GivenLayer(
        class_name=str(layer["class"]),
        kind=str(layer["kind"]),
        name=str(layer["name"])[:100],
        trainable=layer["trainable"] is True,
        config=config if isinstance(config, dict) else {},
        network=read_form(network) if isinstance(network, dict) else None,
    )


def _node(found: Mapping[str, Json], num_layers: int) -> GivenNode:
    node = checked_fields(found, _NODE, "node")
    (index,) = _numbers([node["layer"]])
    if index >= num_layers:
        raise ReplyError(f"layer {index} of {num_layers}")
    settings = node["settings"]
    kept = settings if isinstance(settings, dict) else {}
    return GivenNode(index, tuple(_references(node["inputs"])), kept)


def _refuse_own_code(layer: Config) -> None:
    name = str(layer["class"])
    if not _NAME.fullmatch(name):
        raise ReplyError(f"a layer of class {name[:40]!r}")
    own = layer["origin"] == "own" and layer["network"] is None
    if own or name in _CODE_CLASSES:
        raise OwnCodeError(name, str(layer["name"])[:100])


def _objects(value: Json) -> list[Config]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _numbers(value: Json) -> list[int]:
    return [item for item in value if isinstance(item, int)] if isinstance(value, list) else []


def _references(value: Json) -> list[tuple[int, int]]:
    items = value if isinstance(value, list) else []
    pairs = (_numbers(item) for item in items)
    return [(node, output) for node, output in pairs]
