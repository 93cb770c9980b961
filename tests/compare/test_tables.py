"""Tables of networks that branch: rows with several connections, and rows that say little."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from grader.records import Comparison, Part, Row, Summary, Totals
from grader.summary import read_summary

Entry = dict[str, Any]
Graph = dict[str, tuple[Entry, tuple[str, ...]]]
Layer = Callable[..., Entry]
Compared = Callable[..., Comparison]

IMAGE = {"x": (8, 8, 3)}


def test_a_layer_that_is_used_twice_is_printed_once(
    layer: Layer, graph_compared: Compared, parts: dict[str, Part]
) -> None:
    """One row with two connections is one layer with two uses; its weights count once."""
    rows = (
        Row("InputLayer", (None, 5), 0, "x"),
        Row("InputLayer", (None, 5), 0, "y"),
        Row("Dense", (None, 4), 24, "dense_1", ("x[0][0]", "y[0][0]")),
        Row("Concatenate", (None, 8), 0, "both", ("dense_1[0][0]", "dense_1[1][0]")),
        Row("Dense", (None, 2), 18, "dense_2", ("both[0][0]",)),
    )
    part = replace(parts["fc_a"], reference=Summary(rows, Totals(42, 42, 0)), input_shape=(5,))
    shared = layer("Dense", units=4)
    graph: Graph = {
        "one": (shared, ("x",)),
        "other": (shared, ("y",)),
        "both": (layer("Concatenate", axis=-1), ("one", "other")),
        "out": (layer("Dense", units=2), ("both",)),
    }
    inputs = {"x": (5,), "y": (5,)}
    apart = {**graph, "other": (layer("Dense", units=4), ("y",))}

    assert graph_compared(part, graph, inputs).matches
    assert not graph_compared(part, apart, inputs).matches


@pytest.mark.parametrize(("total", "matches"), [(10, True), (11, False)])
def test_totals_that_a_table_does_not_print_are_free(
    layer: Layer, graph_compared: Compared, parts: dict[str, Part], total: int, *, matches: bool
) -> None:
    """Keras 1.0 and 1.1 print one total: it has to be the network's, the two others may be any."""
    rows = (Row("Dense", (None, 2), 10),)
    table = Summary(rows, Totals(total, None, None))
    part = replace(parts["fc_a"], reference=table, input_shape=(4,))
    graph: Graph = {"out": (layer("Dense", units=2), ("x",))}

    assert matches is graph_compared(part, graph, {"x": (4,)}).matches


KERAS_1 = """
____________________________________________________________________________________________________
Layer (type)                     Output Shape          Param #     Connected to
====================================================================================================
input_1 (InputLayer)             (None, 8, 8, 3)       0
____________________________________________________________________________________________________
convolution2d_1 (Convolution2D)  (None, 8, 8, 4)       112         input_1[0][0]
____________________________________________________________________________________________________
convolution2d_2 (Convolution2D)  (None, 8, 8, 4)       148         convolution2d_1[0][0]
____________________________________________________________________________________________________
convolution2d_3 (Convolution2D)  (None, 8, 8, 4)       16          input_1[0][0]
____________________________________________________________________________________________________
{merge}
____________________________________________________________________________________________________
flatten_1 (Flatten)              (None, {flat})           0           merge_1[0][0]
____________________________________________________________________________________________________
dense_1 (Dense)                  (None, 2)             {dense}        flatten_1[0][0]
====================================================================================================
Total params: {total}
Trainable params: {total}
Non-trainable params: 0
____________________________________________________________________________________________________
"""


@pytest.mark.parametrize(
    ("size", "flat", "kinds"),
    [(8, 512, ("Concatenate",)), (4, 256, ("Add", "Maximum", "Multiply"))],
)
def test_a_merge_row_of_keras_1_is_told_by_its_shape(
    size: int,
    flat: int,
    kinds: tuple[str, ...],
    layer: Layer,
    parts: dict[str, Part],
    graph_compared: Compared,
) -> None:
    """Merge is Concatenate where the channels add up, else any layer that leaves the shape."""
    merge = (
        f"merge_1 (Merge)                  (None, 8, 8, {size})       0           "
        "convolution2d_2[0][0]\n" + " " * 67 + "convolution2d_3[0][0]"
    )
    dense = flat * 2 + 2
    text = KERAS_1.format(merge=merge, flat=flat, dense=dense, total=112 + 148 + 16 + dense)
    part = replace(parts["cnn_a"], reference=read_summary(text), input_shape=(8, 8, 3))
    conv = {"filters": 4, "padding": "same"}
    matches = {}
    for kind in ("Add", "Multiply", "Maximum", "Concatenate"):
        graph = {
            "one": (layer("Conv2D", kernel_size=[3, 3], **conv), ("x",)),
            "two": (layer("Conv2D", kernel_size=[3, 3], **conv), ("one",)),
            "three": (layer("Conv2D", kernel_size=[1, 1], **conv), ("x",)),
            "both": (layer(kind), ("two", "three")),
            "flat": (layer("Flatten"), ("both",)),
            "out": (layer("Dense", units=2), ("flat",)),
        }
        matches[kind] = graph_compared(part, graph, IMAGE).matches

    assert kinds == tuple(kind for kind in sorted(matches) if matches[kind])
