"""Network: the layers and connections of a reply, checked and unrolled into one list of calls.

Networks inside networks are inlined, so that what follows sees calls of single layers only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from grader.architecture.notes import Noted
from grader.architecture.refusals import OwnCodeError, ReplyError
from grader.architecture.reply import checked_fields
from grader.architecture.values import (
    Check,
    Config,
    anything,
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
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.>|]{0,99}")
# Keras' own classes that run code of the student's.
_CODE_CLASSES = frozenset({"Lambda", "TFSMLayer", "JaxLayer", "FlaxLayer", "TorchModuleWrapper"})


def _mapping(value: Json) -> Json:
    if not isinstance(value, dict):
        raise ReplyError(f"{shown(value)} is no object")
    return value


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
    "config": _mapping,
    "network": optional(_mapping),
}
_NODE: Mapping[str, Check] = {
    "layer": _INDEX,
    "inputs": listed(_REFERENCE, 64),
    "settings": anything,
}


@dataclass(frozen=True)
class Call:
    """One use of one layer. `inputs` are indices of earlier calls.

    `identity` is the same for all uses of one layer; `trainable` holds only if every network around
    the layer says so too.
    """

    class_name: str
    operation: bool
    name: str
    trainable: bool
    config: Config
    settings: Config
    identity: tuple[int, ...]
    inputs: tuple[int, ...]


@dataclass(frozen=True)
class Calls:
    """A network in calls, in topological order; `inputs` are the calls of its InputLayers."""

    calls: tuple[Call, ...]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    notes: tuple[Noted, ...]


# What a node gives: for each of its outputs the index of a call.
_Tensors: TypeAlias = Sequence[int]


@dataclass
class _Unrolled:
    calls: list[Call] = field(default_factory=list)
    notes: list[Noted] = field(default_factory=list)
    num_steps: int = 0

    def step(self) -> None:
        self.num_steps += 1
        if self.num_steps > MAX_STEPS:
            raise ReplyError(f"more than {MAX_STEPS} layers")

    def add(self, call: Call) -> int:
        self.calls.append(call)
        if len(self.calls) > MAX_LAYERS:
            raise ReplyError(f"more than {MAX_LAYERS} layers")
        return len(self.calls) - 1


@dataclass(frozen=True)
class _Place:
    """Where a network stands in the one around it; `feeds` are its inputs, None outermost."""

    path: tuple[int, ...] = ()
    trainable: bool = True
    feeds: tuple[int, ...] | None = None


def read_network(found: Mapping[str, Json]) -> Calls:
    """The network of a reply as a list of calls.

    Raises ReplyError where it breaks a rule, OwnCodeError where it holds a layer of the student's
    own.
    """
    unrolled = _Unrolled()
    outputs = _unroll(found, _Place(), unrolled)
    if found["kind"] == "Functional":
        unrolled.notes.insert(0, Noted("functional"))
    # The feeds of the outermost network are its own InputLayers, unrolled before anything else.
    inputs = tuple(i for i, call in enumerate(unrolled.calls) if call.class_name == "InputLayer")
    return Calls(tuple(unrolled.calls), inputs, tuple(outputs), tuple(unrolled.notes))


def _unroll(found: Mapping[str, Json], place: _Place, unrolled: _Unrolled) -> list[int]:
    network = checked_fields(found, _NETWORK, "network")
    layers = [checked_fields(layer, _LAYER, "layer") for layer in _objects(network["layers"])]
    for layer in layers:
        _refuse_own_code(layer)
    nodes = [checked_fields(node, _NODE, "node") for node in _objects(network["nodes"])]
    given = _feeds(network, layers, nodes, place, unrolled)
    tensors: list[_Tensors] = []
    for index, node in enumerate(nodes):
        unrolled.step()
        if index in given:
            tensors.append([given[index]])
            continue
        inputs = [_tensor(tensors, ref) for ref in _references(node["inputs"])]
        at = _layer_index(node, layers)
        tensors.append(_call(layers[at], node, tuple(inputs), _inner(place, at), unrolled))
    return [_tensor(tensors, ref) for ref in _references(network["outputs"])]


def _inner(place: _Place, at: int) -> _Place:
    return _Place((*place.path, at), place.trainable)


def _feeds(
    network: Config, layers: list[Config], nodes: list[Config], place: _Place, unrolled: _Unrolled
) -> dict[int, int]:
    wanted = _numbers(network["inputs"])
    if len(set(wanted)) != len(wanted) or max(wanted) >= len(nodes):
        raise ReplyError("inputs that are no nodes, or twice the same one")
    if place.feeds is not None and len(place.feeds) != len(wanted):
        raise ReplyError(f"a network of {len(wanted)} inputs called on {len(place.feeds)}")
    given: dict[int, int] = {}
    for position, index in enumerate(wanted):
        at = _layer_index(nodes[index], layers)
        if layers[at]["class"] != "InputLayer":
            raise ReplyError("an input that is no InputLayer")
        if place.feeds is None:
            given[index] = unrolled.add(_layer_call(layers[at], {}, (), _inner(place, at)))
        else:
            given[index] = place.feeds[position]
    return given


def _call(
    layer: Config, node: Config, inputs: tuple[int, ...], place: _Place, unrolled: _Unrolled
) -> _Tensors:
    network, name = layer["network"], str(layer["name"])
    if isinstance(network, dict):
        unrolled.notes.append(Noted("nested", place.path))
        around = place.trainable and layer["trainable"] is True
        return _unroll(network, _Place(place.path, around, inputs), unrolled)
    if layer["class"] == "InputLayer":
        raise ReplyError("an InputLayer that is none of the inputs")
    if layer["kind"] == "network":
        raise ReplyError(f"{name}: a network without its layers")
    if not inputs:
        raise ReplyError(f"{name}: a layer without an input")
    settings = node["settings"]
    kept = settings if isinstance(settings, dict) else {}
    index = unrolled.add(_layer_call(layer, kept, inputs, place))
    # Only classes outside the table have several outputs; they end in a row without a shape anyhow.
    return [index] * 64


def _layer_call(layer: Config, settings: Config, inputs: tuple[int, ...], place: _Place) -> Call:
    config = layer["config"]
    return Call(
        class_name=str(layer["class"]),
        operation=layer["kind"] == "operation",
        name=str(layer["name"])[:100],
        trainable=place.trainable and layer["trainable"] is True,
        config=config if isinstance(config, dict) else {},
        settings=settings,
        identity=place.path,
        inputs=inputs,
    )


def _refuse_own_code(layer: Config) -> None:
    name = str(layer["class"])
    if not _NAME.fullmatch(name):
        raise ReplyError(f"a layer of class {name[:40]!r}")
    own = layer["origin"] == "own" and layer["network"] is None
    if own or name in _CODE_CLASSES:
        raise OwnCodeError(name, str(layer["name"])[:100])


def _layer_index(node: Config, layers: list[Config]) -> int:
    (index,) = _numbers([node["layer"]])
    if index >= len(layers):
        raise ReplyError(f"layer {index} of {len(layers)}")
    return index


def _tensor(tensors: list[_Tensors], reference: tuple[int, int]) -> int:
    node, output = reference
    if node >= len(tensors) or output >= len(tensors[node]):
        raise ReplyError(f"output {output} of node {node}, which is not there yet")
    return tensors[node][output]


def _objects(value: Json) -> list[Config]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _numbers(value: Json) -> list[int]:
    return [item for item in value if isinstance(item, int)] if isinstance(value, list) else []


def _references(value: Json) -> list[tuple[int, int]]:
    items = value if isinstance(value, list) else []
    pairs = (_numbers(item) for item in items)
    return [(node, output) for node, output in pairs]
