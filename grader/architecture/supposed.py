"""Supposed: layers and networks that nobody handed in, in the form of those that were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grader.architecture.canonical import DEFAULT_CAPS, Caps, canonical
from grader.architecture.functions import from_name
from grader.architecture.layers import WRAPPED, layer_type
from grader.architecture.refusals import OutsideTableError
from grader.architecture.steps import Step, Steps
from grader.architecture.values import read_settings
from grader.records import Architecture, Json, Layer, Value


def supposed_layer(layer_class: str, settings: Mapping[str, Value], name: str = "") -> Layer:
    """The canonical layer of that class with these settings, and Keras' own for all others.

    Raises ReplyError where a setting is missing or out of bounds, OutsideTableError for a class
    that the table does not hold.
    """
    given = {key: _json(value) for key, value in settings.items()}
    if layer_class == "InputLayer":
        return Layer(layer_class, given, name=name)
    if layer_class == "Activation":
        config = {**from_name(str(given["activation"])), "activity_regularizer": None}
        return Layer(layer_class, config, name=name)
    kind = layer_type(layer_class, given.get(WRAPPED))
    if kind is None:
        raise OutsideTableError(layer_class)
    config = read_settings(kind.settings, given, layer_class)
    if not kind.regularizes_itself:
        config["activity_regularizer"] = None
    return Layer(layer_class, config, name=name)


def architecture_of(
    layers: Sequence[Layer],
    outputs: Sequence[int],
    identities: Sequence[int] | None = None,
    caps: Caps = DEFAULT_CAPS,
) -> Architecture:
    """The network of these layers, each after its inputs; `outputs` are indices.

    Layers with one identity are uses of one layer. Raises ReplyError or TooLargeError where they do
    not fit together.
    """
    known = range(len(layers)) if identities is None else identities
    steps = [Step(layer, (identity,)) for layer, identity in zip(layers, known, strict=True)]
    inputs = [index for index, layer in enumerate(layers) if layer.class_name == "InputLayer"]
    return canonical(Steps(tuple(steps), tuple(inputs), tuple(outputs), ()), caps)


def plain_settings(config: Mapping[str, Json]) -> dict[str, Value]:
    """Settings of a canonical config: lists as tuples, objects (initializers) by their text."""
    return {key: _plain(value) for key, value in config.items()}


def _plain(value: Json) -> Value:
    if isinstance(value, list):
        return tuple(_plain(item) for item in value)
    return str(value) if isinstance(value, dict) else value


def _json(value: Value) -> Json:
    return [_json(item) for item in value] if isinstance(value, tuple) else value
