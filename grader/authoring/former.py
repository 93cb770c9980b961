"""Authoring, step 2b: rows of layers that Keras no longer has, as those that do the same today.

Operations of TensorFlow between layers (`tf.__operators__.add`) become the layer that a student
would write; layers for one kind of graphics card become those for all. Counts of parameters that
were others then are those of today.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from math import prod

from grader.architecture.functions import ACTIVATION_CLASSES
from grader.architecture.layers import LAYERS, WRAPPERS
from grader.records import Row, Shape, Summary, Totals

_TODAYS = {
    "AtrousConvolution1D": "Conv1D",
    "AtrousConvolution2D": "Conv2D",
    "CuDNNGRU": "GRU",
    "CuDNNLSTM": "LSTM",
    "SyncBatchNormalization": "BatchNormalization",
    "ThresholdedReLU": "ReLU",
    "TimeDistributedDense": "TimeDistributed",
}
# Operations by the last word of their name, in small letters: tf.math.add, tf_op_layer_AddV2,
# Keras 3's TrueDivide.
_JOINING = {
    **dict.fromkeys(("add", "addv2"), "Add"),
    **dict.fromkeys(("sub", "subtract"), "Subtract"),
    **dict.fromkeys(("mul", "multiply"), "Multiply"),
    **dict.fromkeys(("concat", "concatv2", "concatenate"), "Concatenate"),
    "maximum": "Maximum",
    "minimum": "Minimum",
}
_APPLIED = {
    **dict.fromkeys(("relu", "relu6"), "ReLU"),
    **dict.fromkeys(("leaky_relu", "leakyrelu"), "LeakyReLU"),
    **dict.fromkeys(("elu", "gelu", "selu", "sigmoid", "silu", "swish", "tanh"), "Activation"),
    "softmax": "Softmax",
    **dict.fromkeys(("reshape", "expand_dims", "expanddims", "squeeze"), "Reshape"),
    **dict.fromkeys(("transpose", "permute"), "Permute"),
    **dict.fromkeys(("pad", "padv2"), "ZeroPadding{n}D"),
    **dict.fromkeys(("mean", "reduce_mean"), "GlobalAveragePooling{n}D"),
    **dict.fromkeys(("max", "reduce_max"), "GlobalMaxPooling{n}D"),
}
_OPERATIONS = frozenset({"TFOpLambda", "TensorFlowOpLayer"})
_FUNCTIONS = _OPERATIONS | {"Lambda"}
_OLD_COUNT = 2
_COUNT = 4


def buildable(layer: str) -> bool:
    """Whether the grader can build a layer of this class."""
    return layer in LAYERS or layer in WRAPPERS or layer in ACTIVATION_CLASSES or layer == "Merge"


def in_todays_words(summary: Summary) -> tuple[Summary, list[str]]:
    """The summary with today's layers and counts, and what was changed, in words."""
    changes: list[str] = []
    rows = list(summary.rows)
    shapes = {row.name: row.shape for row in rows}
    told: dict[tuple[str, str], list[str]] = {}
    for index, row in enumerate(rows):
        feeds = [shapes.get(name) for name in row.sources]
        if not row.connections and index:
            feeds = [rows[index - 1].shape]
        todays = _todays(row, feeds)
        rows[index] = replace(row, layer=todays, params=_todays_count(row, feeds))
        if rows[index] != row:
            told.setdefault((row.layer, todays), []).append(row.name)
    for (layer, todays), names in told.items():
        others = f" and {len(names) - 1} more" if len(names) > 1 else ""
        verb = "are" if others else "is"
        as_today = f"{verb} written as {todays}" if layer != todays else f"{verb} counted as today"
        changes.append(f"{names[0]} ({layer}){others} {as_today}")
    pairs = zip(summary.rows, rows, strict=True)
    lost = sum((old.params or 0) - (new.params or 0) for old, new in pairs)
    totals = _fewer(summary.totals, lost)
    if totals.trainable is None and _is_old(rows):
        added = sum(row.params or 0 for row in rows if row.layer == "BatchNormalization")
        rows = [_recounted(row) for row in rows]
        whole = (totals.total or 0) + added
        totals = Totals(whole, whole - added, added)
        changes.append(
            "each BatchNormalization counts 4 parameters per channel, as it does since Keras 1.2; "
            "the summary counts 2"
        )
    return Summary(tuple(rows), totals), changes


def _todays(row: Row, feeds: Sequence[Shape | None]) -> str:
    if row.layer in _TODAYS:
        return _TODAYS[row.layer]
    if buildable(row.layer) or row.params or row.shape is None:
        return row.layer
    word = _word(row)
    if len(feeds) > 1:
        # keras.applications' InceptionResNetV2: one branch and a small part of the other.
        return "Add" if row.layer == "CustomScaleLayer" else _JOINING.get(word, row.layer)
    todays = _APPLIED.get(word) or _reshaped(row, feeds) or row.layer
    if "{n}" not in todays:
        return todays
    ndim = len(feeds[0] or ()) - 2 if feeds else 0
    flat = not todays.startswith("Zero") and (row.shape[-1:] != (feeds[0] or ())[-1:])
    return row.layer if flat or ndim not in (1, 2, 3) else todays.format(n=ndim)


def _reshaped(row: Row, feeds: Sequence[Shape | None]) -> str:
    """A Reshape for a function that gives as many values as it is given, in another shape."""
    shapes = [shape for shape in (*feeds, row.shape) if shape and None not in shape[1:]]
    alike = len(shapes) == 2 and len({prod(s or 1 for s in shape[1:]) for shape in shapes}) == 1  # noqa: PLR2004
    return "Reshape" if row.layer in _FUNCTIONS and alike and shapes[0] != shapes[1] else ""


def _word(row: Row) -> str:
    """What an operation does: "add" for tf.__operators__.add_3 and for tf_op_layer_AddV2."""
    if row.layer not in _OPERATIONS:
        return row.layer.lower()
    name = re.sub(r"(_\d+)?$", "", row.name).removeprefix("tf_op_layer_")
    return re.split(r"[./]", name)[-1].lower()


def _todays_count(row: Row, feeds: Sequence[Shape | None]) -> int | None:
    """The parameters of today's layer; a CuDNNLSTM has two biases for each of its four gates."""
    params, given = row.params, feeds[0] if feeds else None
    if params is None or not row.shape:
        return params
    units, features = row.shape[-1] or 0, (given or (0,))[-1] or 0
    if row.layer == "CuDNNLSTM":
        return params - 4 * units
    # Both ways side by side: twice the layer with half of the units.
    if row.layer == "Bidirectional" and params == 4 * units * (features + units // 2 + 2):
        return params - 4 * units
    return params


def _fewer(totals: Totals, lost: int) -> Totals:
    if not lost or totals.total is None:
        return totals
    trainable = None if totals.trainable is None else totals.trainable - lost
    return Totals(totals.total - lost, trainable, totals.non_trainable)


def _is_old(rows: Sequence[Row]) -> bool:
    found = [row for row in rows if row.layer == "BatchNormalization" and row.shape]
    return bool(found) and all(row.params == _OLD_COUNT * _channels(row) for row in found)


def _channels(row: Row) -> int:
    """The axis that has as many parameters; channels may stand first."""
    sizes = [size for size in (row.shape or ())[1:] if size]
    half = (row.params or 0) // _OLD_COUNT
    return half if half in sizes else -1


def _recounted(row: Row) -> Row:
    if row.layer != "BatchNormalization":
        return row
    return replace(row, params=(row.params or 0) // _OLD_COUNT * _COUNT)
