"""Layers: the project's own table of Keras layers. Nothing outside it is ever built.

A row says which settings a class takes, how its output shape and its parameters follow from them,
and how many inputs it has. To add a layer, add its row here, in `weighted.py`, `sequences.py` or
`conv_lstm.py`; nothing else needs to change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from grader.architecture import shapes
from grader.architecture.conv_lstm import CONV_LSTM_LAYERS
from grader.architecture.functions import ACTIVATION_CLASSES
from grader.architecture.sequences import SEQUENCE_LAYERS, bidirectional, time_distributed
from grader.architecture.table import MANY, LayerType, Settings
from grader.architecture.values import (
    Check,
    Setting,
    axes,
    choice,
    flag,
    listed,
    number,
    optional,
    or_outside_table,
    sizes,
    whole,
)
from grader.architecture.weighted import WEIGHTED_LAYERS
from grader.records import Json

_FORMAT = {"data_format": Setting(choice("channels_last", "channels_first"), "channels_last")}
_PADDING = Setting(choice("valid", "same"), "valid")
_RATE = Setting(number(0.0, 1.0), required=True)
_AMOUNT = whole(0, 10**5)


def _pool(rank: int) -> LayerType:
    settings: Settings = {
        "pool_size": Setting(sizes(rank), required=True),
        # get_config() always shows them, also where they are the pool's size by default.
        "strides": Setting(sizes(rank), required=True),
        "padding": _PADDING,
        **_FORMAT,
    }
    return LayerType(settings, shapes.pooled)


def _global_pool(rank: int) -> LayerType:
    return LayerType(
        {**_FORMAT, "keepdims": Setting(flag, default=False)}, shapes.pooled_away(rank)
    )


def _pairs(rank: int, key: str, sign: int, *, formatted: bool) -> LayerType:
    pair = listed(_AMOUNT, 2, 2)
    check: Check = pair if rank == 1 else listed(pair, rank, rank)
    settings: Settings = {key: Setting(check, required=True), **(_FORMAT if formatted else {})}
    return LayerType(settings, shapes.resized(sign, key))


def _up(rank: int, settings: Settings) -> LayerType:
    return LayerType({"size": Setting(sizes(rank), 2), **settings}, shapes.upsampled)


def _dropout(settings: Settings) -> LayerType:
    return LayerType({"rate": _RATE, **settings}, shapes.same, random=True)


def _merge(inputs: tuple[int, int] = (1, MANY)) -> LayerType:
    return LayerType({}, shapes.merged, inputs=inputs)


_NOISE_SHAPE = {"noise_shape": Setting(optional(listed(optional(whole(1)), 8)))}
_INTERPOLATION = Setting(
    choice("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"), "nearest"
)

LAYERS: Mapping[str, LayerType] = {
    **WEIGHTED_LAYERS,
    **SEQUENCE_LAYERS,
    **CONV_LSTM_LAYERS,
    **{f"MaxPooling{rank}D": _pool(rank) for rank in (1, 2, 3)},
    **{f"AveragePooling{rank}D": _pool(rank) for rank in (1, 2, 3)},
    **{f"GlobalMaxPooling{rank}D": _global_pool(rank) for rank in (1, 2, 3)},
    **{f"GlobalAveragePooling{rank}D": _global_pool(rank) for rank in (1, 2, 3)},
    **{f"ZeroPadding{rank}D": _pairs(rank, "padding", 1, formatted=True) for rank in (1, 2, 3)},
    **{f"Cropping{rank}D": _pairs(rank, "cropping", -1, formatted=rank > 1) for rank in (1, 2, 3)},
    "UpSampling1D": _up(1, {"size": Setting(whole(1), 2)}),
    "UpSampling2D": _up(2, {**_FORMAT, "interpolation": _INTERPOLATION}),
    "UpSampling3D": _up(3, _FORMAT),
    "Flatten": LayerType(_FORMAT, shapes.flattened),
    "Reshape": LayerType(
        {"target_shape": Setting(listed(whole(-1), 8), required=True)}, shapes.reshaped
    ),
    "Permute": LayerType(
        {"dims": Setting(listed(whole(1, 8), 8, 1), required=True)}, shapes.permuted
    ),
    "RepeatVector": LayerType({"n": Setting(whole(1), required=True)}, shapes.repeated),
    "Dropout": _dropout(_NOISE_SHAPE),
    "SpatialDropout1D": _dropout({}),
    "SpatialDropout2D": _dropout(_FORMAT),
    "SpatialDropout3D": _dropout(_FORMAT),
    "GaussianDropout": _dropout({}),
    "AlphaDropout": _dropout(_NOISE_SHAPE),
    "GaussianNoise": LayerType(
        {"stddev": Setting(number(0.0), required=True)}, shapes.same, random=True
    ),
    "UnitNormalization": LayerType({"axis": Setting(axes(), -1)}, shapes.same, axes=("axis",)),
    "Rescaling": LayerType(
        {
            "scale": Setting(or_outside_table(number()), required=True),
            "offset": Setting(or_outside_table(number()), 0.0),
        },
        shapes.same,
    ),
    "Identity": LayerType({}, shapes.same),
    "ActivityRegularization": LayerType(
        {"l1": Setting(number(0.0), 0.0), "l2": Setting(number(0.0), 0.0)},
        shapes.same,
        regularizes_itself=True,
    ),
    "Add": _merge(),
    "Subtract": _merge((2, 2)),
    "Multiply": _merge(),
    "Average": _merge(),
    "Maximum": _merge(),
    "Minimum": _merge(),
    "Concatenate": LayerType(
        {"axis": Setting(whole(-8, 8), -1)}, shapes.concatenated, inputs=(1, MANY), axes=("axis",)
    ),
    "Dot": LayerType(
        {"axes": Setting(axes(), required=True), "normalize": Setting(flag, default=False)},
        shapes.multiplied,
        inputs=(2, 2),
    ),
}


# Layers around a layer. Their canonical config is that of the layer inside, with its class under
# WRAPPED, so that a wrong number of units is found in a Bidirectional as in any other layer.
WRAPPED = "wrapped"
WRAPPERS: Mapping[str, Callable[[LayerType], LayerType]] = {
    "Bidirectional": bidirectional,
    "TimeDistributed": time_distributed,
}
RECURRENT = frozenset({"SimpleRNN", "LSTM", "GRU"})


def layer_type(layer_class: str, inner: Json = None) -> LayerType | None:
    """The row of the table for a class; `inner` is the class of the layer that a wrapper holds."""
    if layer_class not in WRAPPERS:
        return LAYERS.get(layer_class)
    kind = LAYERS.get(inner) if isinstance(inner, str) else None
    fits = inner in RECURRENT if layer_class == "Bidirectional" else kind and not kind.merges
    if kind is None or not fits:
        return None
    made = WRAPPERS[layer_class](kind)
    return replace(made, settings={WRAPPED: Setting(choice(str(inner)), inner), **made.settings})


def takes_one_input(layer_class: str) -> bool:
    """Whether a layer of this class is known to take one input each time that it is used."""
    kind = LAYERS.get(layer_class)
    single = kind is not None and not kind.merges
    return single or layer_class in ACTIVATION_CLASSES or layer_class in WRAPPERS


def takes_steps(layer_class: str) -> bool:
    """Whether a layer of this class goes through steps of time and may give its states."""
    kind = LAYERS.get(layer_class)
    return layer_class == "Bidirectional" or (kind is not None and "return_state" in kind.settings)


def takes_activation(layer_class: str) -> bool:
    """Whether a layer of this class may have its activation as an argument."""
    kind = LAYERS.get(layer_class)
    # What stands inside a TimeDistributed may.
    return layer_class == "TimeDistributed" or (kind is not None and kind.activated)
