"""Effects: what a layer makes of its inputs: output shape and parameters, by arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grader.architecture.layers import WRAPPED, layer_type
from grader.architecture.refusals import OutsideTableError, ReplyError
from grader.architecture.shapes import axis_index, same
from grader.architecture.table import LayerType, Weights
from grader.architecture.values import Config, wholes_of
from grader.records import Json, Layer, Shape

_ACTIVATION = LayerType({}, same, axes=("axis",))


@dataclass(frozen=True)
class Effect:
    """Output shape with batch axis, and weights; None where they cannot be had."""

    shape: Shape | None
    weights: Weights | None


UNKNOWN = Effect(None, None)


def effect_of(layer: Layer, input_shapes: Sequence[Shape | None]) -> Effect:
    """What the layer gives for inputs of these shapes; nothing is known after an unknown shape.

    Raises ReplyError where the layer does not take such inputs, OutsideTableError where the table
    cannot say.
    """
    known = [shape for shape in input_shapes if shape is not None]
    if not layer.known or len(known) < len(input_shapes):
        return UNKNOWN
    kind = _kind(layer)
    if kind is None:
        return UNKNOWN
    config = dict(layer.config)
    try:
        _check_axes(kind, config, known[0])
        return Effect(kind.shape(config, known), kind.weights(config, known))
    except ReplyError as error:
        raise ReplyError(f"{layer.name or layer.class_name}: {error}") from None


def layer_effect(
    layer: Layer, input_shapes: Sequence[Shape | None]
) -> tuple[Shape | None, int | None]:
    """Output shape (with batch axis) and parameter count of a layer for inputs of these shapes.

    Both are None where the layer does not take such inputs or cannot be had. The layer may be a
    supposed one: with settings of another class both are None, too.
    """
    try:
        effect = effect_of(layer, input_shapes)
    except (ReplyError, OutsideTableError, ValueError):
        # ValueError: two sizes of a kernel where the class has one. No reply comes as far with it.
        return None, None
    return effect.shape, None if effect.weights is None else effect.weights.total


def settled(layer: Layer, input_shapes: Sequence[Shape | None]) -> Config:
    """The layer's config with its axes counted from the end: axis 3 of four is axis -1."""
    config = dict(layer.config)
    kind = _kind(layer)
    if kind is None or not layer.known or None in input_shapes or not input_shapes:
        return config
    rank = len(input_shapes[0] or ())
    for key in kind.axes:
        if key in config:
            config[key] = _from_the_end(config[key], rank)
    return config


def _kind(layer: Layer) -> LayerType | None:
    if layer.class_name == "Activation":
        return _ACTIVATION
    return layer_type(layer.class_name, layer.config.get(WRAPPED))


def _from_the_end(value: Json, rank: int) -> Json:
    found = sorted(
        axis - rank if axis >= 0 else axis for axis in wholes_of({"axis": value}, "axis")
    )
    axes: list[Json] = [*found]
    return axes if isinstance(value, list) else axes[0]


def _check_axes(kind: LayerType, config: Config, shape: Shape) -> None:
    for key in kind.axes:
        for axis in wholes_of(config, key) if key in config else []:
            axis_index(axis, shape)
