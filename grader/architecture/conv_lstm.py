"""Layers of films: the rows of the table for convolutions that remember, over steps of time."""

from __future__ import annotations

import math
from collections.abc import Mapping

from grader.architecture import shapes
from grader.architecture.refusals import ReplyError
from grader.architecture.sequences import GATED, RECURRENT_SETTINGS
from grader.architecture.shapes import Shapes, channels
from grader.architecture.table import LayerType, Weights
from grader.architecture.values import Config, Setting, flag, whole_of, wholes_of
from grader.architecture.weighted import COUNT, window
from grader.records import Shape

_GATES = 4


def _at_one_step(inputs: Shapes) -> Shape:
    if len(inputs[0]) < 4:  # noqa: PLR2004 - batch, time, a size and channels
        raise ReplyError("no steps of time")
    return (None, *inputs[0][2:])


def _shape(config: Config, inputs: Shapes) -> Shape:
    given = _at_one_step(inputs)
    steps = (inputs[0][1],) if config["return_sequences"] is True else ()
    return (None, *steps, *shapes.convolution(config, [given])[1:])


def _weights(config: Config, inputs: Shapes) -> Weights:
    """A kernel for what comes in and one for what is remembered, for each of the gates."""
    filters = whole_of(config, "filters")
    kernel = math.prod(wholes_of(config, "kernel_size"))
    looked_at = channels(config, _at_one_step(inputs)) + filters
    bias = int(config["use_bias"] is True)
    return Weights(_GATES * filters * (kernel * looked_at + bias))


def _layer(rank: int) -> LayerType:
    settings = {
        "filters": COUNT,
        **window(rank),
        **RECURRENT_SETTINGS,
        **GATED,
        "unit_forget_bias": Setting(flag, default=True),
    }
    return LayerType(settings, _shape, _weights, random=True)


CONV_LSTM_LAYERS: Mapping[str, LayerType] = {f"ConvLSTM{rank}D": _layer(rank) for rank in (1, 2, 3)}
