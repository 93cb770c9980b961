"""Layers of sequences: the rows of the table for words, steps of time and attention."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from grader.architecture import shapes
from grader.architecture.functions import function_name
from grader.architecture.objects import CONSTRAINT, REGULARIZER, initializer
from grader.architecture.refusals import OutsideTableError, ReplyError
from grader.architecture.shapes import Shapes, axis_index, known, need_rank
from grader.architecture.table import LayerType, Settings, Weights
from grader.architecture.values import (
    Config,
    Setting,
    axes,
    choice,
    flag,
    listed,
    nothing,
    number,
    optional,
    unset,
    whole,
    whole_of,
    wholes_of,
)
from grader.architecture.weighted import BIAS, COUNT, kernel_settings
from grader.records import Json, Shape


def _first_axis(value: Json) -> Json:
    if value not in (None, [1]):
        raise OutsideTableError("attention along other axes")
    return value


_RATE = Setting(number(0.0, 1.0), 0.0)
_KERNEL: Settings = {**kernel_settings("kernel"), **BIAS}
RECURRENT_SETTINGS: Settings = {
    "activation": Setting(function_name, "tanh"),
    **_KERNEL,
    "recurrent_initializer": initializer("Orthogonal"),
    "recurrent_regularizer": REGULARIZER,
    "recurrent_constraint": CONSTRAINT,
    "dropout": _RATE,
    "recurrent_dropout": _RATE,
    "return_sequences": Setting(flag, default=False),
    "go_backwards": Setting(flag, default=False),
    # Several outputs, or a batch of fixed size: not in the table.
    "return_state": Setting(unset, default=False, kept=False),
    "stateful": Setting(unset, default=False, kept=False),
    # Set by Bidirectional itself, and only heeded where there is a mask.
    "zero_output_for_mask": Setting(flag, default=False, kept=False),
    # How it is computed, not what.
    "unroll": Setting(flag, default=False, kept=False),
}
GATED = {"recurrent_activation": Setting(function_name, "sigmoid")}
_EMBEDDING: Settings = {
    "input_dim": COUNT,
    "output_dim": COUNT,
    "embeddings_initializer": initializer("RandomUniform"),
    "embeddings_regularizer": REGULARIZER,
    "embeddings_constraint": CONSTRAINT,
    "mask_zero": Setting(flag, default=False),
    "quantization_config": Setting(nothing, kept=False),
}
_HEADS: Settings = {
    "num_heads": COUNT,
    "key_dim": COUNT,
    "value_dim": Setting(optional(whole(1))),
    "dropout": _RATE,
    **_KERNEL,
    "output_shape": Setting(optional(listed(whole(1), 8, 1))),
    # The axis of a sequence; Keras fills it in when it builds the layer.
    "attention_axes": Setting(_first_axis, kept=False),
    "sliding_window": Setting(nothing, kept=False),
    "use_gate": Setting(unset, default=False, kept=False),
}


def _recurrent_shape(config: Config, inputs: Shapes) -> Shape:
    need_rank(inputs[0], 3)
    steps = (inputs[0][1],) if config["return_sequences"] is True else ()
    return (None, *steps, whole_of(config, "units"))


def _recurrent_weights(num_gates: int) -> Callable[[Config, Shapes], Weights]:
    def rule(config: Config, inputs: Shapes) -> Weights:
        units = whole_of(config, "units")
        # keras 3.15: a GRU that resets after the product has a bias for each of the two products.
        biases = 0 if config["use_bias"] is False else 2 if config.get("reset_after") is True else 1
        return Weights(num_gates * units * (known(inputs[0][-1]) + units + biases))

    return rule


def _recurrent(num_gates: int, settings: Settings) -> LayerType:
    weights = _recurrent_weights(num_gates)
    all_settings = {"units": COUNT, **RECURRENT_SETTINGS, **settings}
    return LayerType(all_settings, _recurrent_shape, weights, random=True)


def _embedded(config: Config, inputs: Shapes) -> Shape:
    return (*inputs[0], whole_of(config, "output_dim"))


def _embedding_weights(config: Config, _inputs: Shapes) -> Weights:
    return Weights(whole_of(config, "input_dim") * whole_of(config, "output_dim"))


def _attended(_config: Config, inputs: Shapes) -> Shape:
    """What is asked for, with the values' features; keras 3.15 Attention.compute_output_shape."""
    query, value = inputs[0], inputs[1]
    for shape in inputs:
        need_rank(shape, 3)
    if inputs[-1][1] != value[1] or inputs[-1][2] != query[2]:
        raise ReplyError("queries, values and keys that do not go together")
    return (*query[:-1], value[-1])


def _additive_weights(config: Config, inputs: Shapes) -> Weights:
    return Weights(known(inputs[0][-1]) if config["use_scale"] is True else 0)


def _heads_shape(config: Config, inputs: Shapes) -> Shape:
    for shape in inputs:
        need_rank(shape, 3)
    if inputs[-1][1] != inputs[1][1]:
        raise ReplyError("as many keys as values are due")
    given = config["output_shape"]
    out = wholes_of(config, "output_shape") if given is not None else [inputs[0][-1]]
    return (*inputs[0][:-1], *out)


def _heads_weights(config: Config, inputs: Shapes) -> Weights:
    heads, keys = whole_of(config, "num_heads"), whole_of(config, "key_dim")
    values = keys if config["value_dim"] is None else whole_of(config, "value_dim")
    query, value, key = (known(shape[-1]) for shape in (inputs[0], inputs[1], inputs[-1]))
    out = math.prod(known(size) for size in _heads_shape(config, inputs)[2:])
    weights = heads * (query * keys + key * keys + value * values + values * out)
    bias = heads * (2 * keys + values) + out
    return Weights(weights + (bias if config["use_bias"] is True else 0))


def _root_weights(config: Config, inputs: Shapes) -> Weights:
    sizes = {axis_index(axis, inputs[0]): axis for axis in wholes_of(config, "axis")}
    return Weights(math.prod(known(inputs[0][index]) for index in sizes))


def bidirectional(inner: LayerType) -> LayerType:
    """The row of a Bidirectional around a recurrent layer; None as merge mode gives two outputs."""

    def shape(config: Config, inputs: Shapes) -> Shape:
        one = inner.shape(config, inputs)
        last = known(one[-1])
        return (*one[:-1], 2 * last if config["merge_mode"] == "concat" else last)

    def weights(config: Config, inputs: Shapes) -> Weights:
        return Weights(2 * inner.weights(config, inputs).trainable)

    merge_mode = Setting(_merge_mode, "concat")
    return LayerType({"merge_mode": merge_mode, **inner.settings}, shape, weights, random=True)


def _merge_mode(value: object) -> str:
    modes = ("concat", "sum", "mul", "ave")
    if not isinstance(value, str) or value not in modes:
        raise OutsideTableError("two outputs")
    return value


def time_distributed(inner: LayerType) -> LayerType:
    """The row of a TimeDistributed around a layer: the layer at every step of time."""

    def at_one_step(inputs: Shapes) -> Shapes:
        if len(inputs[0]) < 3:  # noqa: PLR2004 - batch, time, and what stands there
            raise ReplyError("no steps of time")
        return [(None, *inputs[0][2:])]

    def shape(config: Config, inputs: Shapes) -> Shape:
        return (None, inputs[0][1], *inner.shape(config, at_one_step(inputs))[1:])

    def weights(config: Config, inputs: Shapes) -> Weights:
        return inner.weights(config, at_one_step(inputs))

    activated, random = inner.activated, inner.random
    return LayerType(inner.settings, shape, weights, activated=activated, random=random)


SEQUENCE_LAYERS: Mapping[str, LayerType] = {
    "Embedding": LayerType(_EMBEDDING, _embedded, _embedding_weights),
    "SimpleRNN": _recurrent(1, {}),
    "LSTM": _recurrent(4, {**GATED, "unit_forget_bias": Setting(flag, default=True)}),
    "GRU": _recurrent(3, {**GATED, "reset_after": Setting(flag, default=True)}),
    "Masking": LayerType({"mask_value": Setting(number(), 0.0)}, shapes.same),
    "RMSNormalization": LayerType(
        {"axis": Setting(axes(), -1), "epsilon": Setting(number(0.0), 1e-6)},
        shapes.same,
        _root_weights,
        axes=("axis",),
    ),
    "Attention": LayerType(
        {
            "use_scale": Setting(flag, default=False),
            "score_mode": Setting(choice("dot", "concat"), "dot"),
            "dropout": _RATE,
        },
        _attended,
        lambda config, _: Weights(
            int(config["use_scale"] is True) + int(config["score_mode"] == "concat")
        ),
        inputs=(2, 3),
        random=True,
    ),
    "AdditiveAttention": LayerType(
        {"use_scale": Setting(flag, default=True), "dropout": _RATE},
        _attended,
        _additive_weights,
        inputs=(2, 3),
        random=True,
    ),
    "MultiHeadAttention": LayerType(
        _HEADS,
        _heads_shape,
        _heads_weights,
        inputs=(2, 3),
        random=True,
        arguments=("query", "value", "key"),
    ),
}
