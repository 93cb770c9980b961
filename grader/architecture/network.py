"""Network: what a reply says of layers and connections, unrolled into one list of calls.

Networks inside networks are inlined, so that what follows sees calls of single layers only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from grader.architecture.form import (
    MAX_LAYERS,
    MAX_STEPS,
    GivenLayer,
    GivenNetwork,
    GivenNode,
    read_form,
)
from grader.architecture.notes import Noted
from grader.architecture.refusals import ReplyError
from grader.architecture.values import Config
from grader.records import Json


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
            raise ReplyError(f"more than {MAX_STEPS} layers", "too-large")

    def add(self, call: Call) -> int:
        self.calls.append(call)
        if len(self.calls) > MAX_LAYERS:
            raise ReplyError(f"more than {MAX_LAYERS} layers", "too-large")
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
    network = read_form(found)
    unrolled = _Unrolled()
    outputs = _unroll(network, _Place(), unrolled)
    if network.kind == "Functional":
        unrolled.notes.insert(0, Noted("functional"))
    # The feeds of the outermost network are its own InputLayers, unrolled before anything else.
    inputs = tuple(i for i, call in enumerate(unrolled.calls) if call.class_name == "InputLayer")
    return Calls(tuple(unrolled.calls), inputs, tuple(outputs), tuple(unrolled.notes))


def _unroll(network: GivenNetwork, place: _Place, unrolled: _Unrolled) -> list[int]:
    given = _feeds(network, place, unrolled)
    tensors: list[_Tensors] = []
    for index, node in enumerate(network.nodes):
        unrolled.step()
        if index in given:
            tensors.append([given[index]])
            continue
        inputs = tuple(_tensor(tensors, reference) for reference in node.inputs)
        around = _inner(place, node.layer)
        tensors.append(_call(network.layers[node.layer], node, inputs, around, unrolled))
    return [_tensor(tensors, reference) for reference in network.outputs]


def _inner(place: _Place, at: int) -> _Place:
    return _Place((*place.path, at), place.trainable)


def _feeds(network: GivenNetwork, place: _Place, unrolled: _Unrolled) -> dict[int, int]:
    wanted = network.inputs
    if place.feeds is not None:
        if len(place.feeds) != len(wanted):
            raise ReplyError(f"a network of {len(wanted)} inputs called on {len(place.feeds)}")
        return dict(zip(wanted, place.feeds, strict=True))
    given: dict[int, int] = {}
    for index in wanted:
        at = network.nodes[index].layer
        given[index] = unrolled.add(_layer_call(network.layers[at], {}, (), _inner(place, at)))
    return given


def _call(
    layer: GivenLayer, node: GivenNode, inputs: tuple[int, ...], place: _Place, unrolled: _Unrolled
) -> _Tensors:
    if layer.network is not None:
        unrolled.notes.append(Noted("nested", place.path))
        around = place.trainable and layer.trainable
        return _unroll(layer.network, _Place(place.path, around, inputs), unrolled)
    if layer.class_name == "InputLayer":
        raise ReplyError("an InputLayer that is none of the inputs")
    if layer.kind == "network":
        raise ReplyError(f"{layer.name}: a network without its layers")
    if not inputs:
        raise ReplyError(f"{layer.name}: a layer without an input")
    index = unrolled.add(_layer_call(layer, node.settings, inputs, place))
    # Only classes outside the table have several outputs; they end in a row without a shape anyhow.
    return [index] * 64


def _layer_call(
    layer: GivenLayer, settings: Config, inputs: tuple[int, ...], place: _Place
) -> Call:
    return Call(
        class_name=layer.class_name,
        operation=layer.kind == "operation",
        name=layer.name,
        trainable=place.trainable and layer.trainable,
        config=layer.config,
        settings=settings,
        identity=place.path,
        inputs=inputs,
    )


def _tensor(tensors: list[_Tensors], reference: tuple[int, int]) -> int:
    node, output = reference
    if node >= len(tensors) or output >= len(tensors[node]):
        raise ReplyError(f"output {output} of node {node}, which is not there yet")
    return tensors[node][output]
