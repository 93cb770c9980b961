"""Layers with weights: the rows of the table whose parameters have to be counted."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from grader.architecture import shapes
from grader.architecture.objects import CONSTRAINT, REGULARIZER, initializer
from grader.architecture.refusals import OutsideTableError, ReplyError
from grader.architecture.shapes import Shapes, axis_index, channels, known
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
    sizes,
    whole,
    whole_of,
    wholes_of,
)
from grader.records import Json

COUNT = Setting(whole(1), required=True)
BIAS: Settings = {
    "use_bias": Setting(flag, default=True),
    "bias_initializer": initializer("Zeros"),
    "bias_regularizer": REGULARIZER,
    "bias_constraint": CONSTRAINT,
}
_AFFINE: Settings = {
    "epsilon": Setting(number(0.0), 0.001),
    "center": Setting(flag, default=True),
    "scale": Setting(flag, default=True),
    "beta_initializer": initializer("Zeros"),
    "gamma_initializer": initializer("Ones"),
    "beta_regularizer": REGULARIZER,
    "gamma_regularizer": REGULARIZER,
    "beta_constraint": CONSTRAINT,
    "gamma_constraint": CONSTRAINT,
}


def _nothing_to_clip(value: Json) -> Json:
    # keras 3.15 keeps an empty dict where renorm is asked for without it.
    return nothing(None if value == {} else value)


def kernel_settings(kind: str) -> Settings:
    """What can be set about weights of this name."""
    return {
        f"{kind}_initializer": initializer("GlorotUniform"),
        f"{kind}_regularizer": REGULARIZER,
        f"{kind}_constraint": CONSTRAINT,
    }


def window(rank: int, *paddings: str) -> Settings:
    """What can be set about a kernel and how it moves, with further `paddings` than the usual."""
    return {
        "kernel_size": Setting(sizes(rank), required=True),
        "strides": Setting(sizes(rank), 1),
        "padding": Setting(choice("valid", "same", *paddings), "valid"),
        "data_format": Setting(choice("channels_last", "channels_first"), "channels_last"),
        "dilation_rate": Setting(sizes(rank), 1),
    }


def _bias(config: Config, num_channels: int) -> int:
    return num_channels if config["use_bias"] is True else 0


def _dense_weights(config: Config, inputs: Shapes) -> Weights:
    units = whole_of(config, "units")
    return Weights(known(inputs[0][-1]) * units + _bias(config, units))


def _conv_weights(config: Config, inputs: Shapes) -> Weights:
    filters = whole_of(config, "filters")
    each = channels(config, inputs[0]) // whole_of(config, "groups")
    kernel = math.prod(wholes_of(config, "kernel_size"))
    return Weights(kernel * each * filters + _bias(config, filters))


def _transposed_weights(config: Config, inputs: Shapes) -> Weights:
    filters = whole_of(config, "filters")
    kernel = math.prod(wholes_of(config, "kernel_size"))
    return Weights(kernel * channels(config, inputs[0]) * filters + _bias(config, filters))


def _depthwise_weights(config: Config, inputs: Shapes) -> Weights:
    wide = channels(config, inputs[0]) * whole_of(config, "depth_multiplier")
    return Weights(math.prod(wholes_of(config, "kernel_size")) * wide + _bias(config, wide))


def _separable_weights(config: Config, inputs: Shapes) -> Weights:
    wide = channels(config, inputs[0]) * whole_of(config, "depth_multiplier")
    filters = whole_of(config, "filters")
    kernel = math.prod(wholes_of(config, "kernel_size"))
    return Weights(kernel * wide + wide * filters + _bias(config, filters))


def _normalized(config: Config, shape: tuple[int | None, ...]) -> int:
    chosen = {axis_index(axis, shape) for axis in wholes_of(config, "axis")}
    if 0 in chosen:
        raise OutsideTableError("normalized over the batch axis")
    return math.prod(known(shape[axis]) for axis in chosen)


def _affine_count(config: Config) -> int:
    return int(config["scale"] is True) + int(config["center"] is True)


def _batch_weights(config: Config, inputs: Shapes) -> Weights:
    size = _normalized(config, inputs[0])
    # keras 3.15: renorm adds a moving deviation and two running values.
    return Weights(size * _affine_count(config), size * (5 if config["renorm"] is True else 2))


def _layer_weights(config: Config, inputs: Shapes) -> Weights:
    size = _normalized(config, inputs[0])
    return Weights(size if config["rms_scaling"] is True else size * _affine_count(config))


def _group_weights(config: Config, inputs: Shapes) -> Weights:
    size = _normalized(config, inputs[0])
    groups = whole_of(config, "groups")
    if groups != -1 and (groups == 0 or size % groups):
        raise ReplyError(f"{size} channels in {groups} groups")
    return Weights(size * _affine_count(config))


def _slopes(config: Config, inputs: Shapes) -> Weights:
    shared = wholes_of(config, "shared_axes") if config["shared_axes"] is not None else []
    own = (known(1 if at in shared else size) for at, size in enumerate(inputs[0]) if at > 0)
    return Weights(math.prod(own))


def _conv(rank: int) -> LayerType:
    settings: Settings = {
        "filters": COUNT,
        **window(rank, *(["causal"] if rank == 1 else [])),
        "groups": Setting(whole(1), 1),
        **kernel_settings("kernel"),
        **BIAS,
    }
    return LayerType(settings, shapes.convolution, _conv_weights, activated=True)


def _transpose(rank: int) -> LayerType:
    settings: Settings = {
        "filters": COUNT,
        **window(rank),
        "output_padding": Setting(optional(sizes(rank, 0))),
        **kernel_settings("kernel"),
        **BIAS,
    }
    return LayerType(settings, shapes.transposed, _transposed_weights, activated=True)


def _depthwise(rank: int) -> LayerType:
    settings: Settings = {
        **window(rank),
        "depth_multiplier": Setting(whole(1), 1),
        **kernel_settings("depthwise"),
        **BIAS,
    }
    return LayerType(settings, shapes.convolution, _depthwise_weights, activated=True)


def _separable(rank: int) -> LayerType:
    settings: Settings = {
        "filters": COUNT,
        **window(rank, *(["causal"] if rank == 1 else [])),
        "depth_multiplier": Setting(whole(1), 1),
        **kernel_settings("depthwise"),
        **kernel_settings("pointwise"),
        **BIAS,
    }
    return LayerType(settings, shapes.convolution, _separable_weights, activated=True)


def _normalization(
    settings: Settings, weights: Callable[[Config, Shapes], Weights], *, several: bool = False
) -> LayerType:
    axis = Setting(axes() if several else whole(-8, 8), -1)
    return LayerType({"axis": axis, **_AFFINE, **settings}, shapes.same, weights, axes=("axis",))


_DENSE: Settings = {
    "units": COUNT,
    **kernel_settings("kernel"),
    **BIAS,
    "quantization_config": Setting(nothing, kept=False),
}
_BATCH: Settings = {
    "momentum": Setting(number(-1e6, 1e6), 0.99),
    "moving_mean_initializer": initializer("Zeros"),
    "moving_variance_initializer": initializer("Ones"),
    "synchronized": Setting(flag, default=False),
    "renorm": Setting(flag, default=False),
    "renorm_clipping": Setting(_nothing_to_clip, kept=False),
    "renorm_momentum": Setting(number(-1e6, 1e6), 0.99),
}
# Without numbers of its own it is filled by adapt(): a mean and a variance for each value of the
# axes, and how many samples they come of.
_ADAPTED: Settings = {
    "axis": Setting(axes(), -1),
    "mean": Setting(nothing, kept=False),
    "variance": Setting(nothing, kept=False),
    "invert": Setting(flag, default=False),
}
_PRELU: Settings = {
    "alpha_initializer": initializer("Zeros"),
    "alpha_regularizer": REGULARIZER,
    "alpha_constraint": CONSTRAINT,
    "shared_axes": Setting(optional(listed(whole(1, 8), 8, 1))),
}

WEIGHTED_LAYERS: Mapping[str, LayerType] = {
    "Dense": LayerType(_DENSE, shapes.dense, _dense_weights, activated=True),
    **{f"Conv{rank}D": _conv(rank) for rank in (1, 2, 3)},
    **{f"Conv{rank}DTranspose": _transpose(rank) for rank in (1, 2, 3)},
    **{f"DepthwiseConv{rank}D": _depthwise(rank) for rank in (1, 2)},
    **{f"SeparableConv{rank}D": _separable(rank) for rank in (1, 2)},
    "BatchNormalization": _normalization(_BATCH, _batch_weights),
    "LayerNormalization": _normalization(
        {"rms_scaling": Setting(flag, default=False)}, _layer_weights, several=True
    ),
    "GroupNormalization": _normalization({"groups": Setting(whole(-1), 32)}, _group_weights),
    "PReLU": LayerType(_PRELU, shapes.same, _slopes),
    "Normalization": LayerType(
        _ADAPTED,
        shapes.same,
        lambda config, inputs: Weights(fixed=2 * _normalized(config, inputs[0]) + 1),
        axes=("axis",),
    ),
}
