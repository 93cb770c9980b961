"""Checks that shapes chain: what a layer gives follows from what it is given, where it must."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from math import prod

from grader.records import Row, Shape
from grader.summary.lines import PrintedRow, Table, misread

# These give what they are given.
_KEEPING = frozenset(
    {
        *("Activation", "ActivityRegularization", "AlphaDropout", "BatchNormalization", "Dropout"),
        *("ELU", "GaussianDropout", "GaussianNoise", "Identity", "LayerNormalization", "LeakyReLU"),
        *("Masking", "PReLU", "ReLU", "Softmax", "SpatialDropout1D", "SpatialDropout2D"),
        *("SpatialDropout3D", "ThresholdedReLU"),
    }
)
_JOINING = frozenset(
    {"Add", "Average", "Concatenate", "Maximum", "Merge", "Minimum", "Multiply", "Subtract"}
)
_SPATIAL = re.compile(
    r"(?P<kind>Conv|SeparableConv|DepthwiseConv|MaxPooling|AveragePooling|UpSampling|ZeroPadding"
    r"|Cropping)(?P<axes>[123])D(Transpose)?"
)
_CONVOLUTIONS = ("Conv", "SeparableConv", "DepthwiseConv")
# Names that Keras gives to networks whose rows follow each other; a class of one's own, whose
# layers are printed in the order of its attributes, gives its name to its networks.
_CHAINED = re.compile(r"(sequential|model|functional)(_[0-9]+)?")


def check_chain(table: Table) -> None:
    """Raise SummaryError where a row's shape or count cannot follow from the row before it."""
    for source, printed in _pairs(table):
        given, row = source.shape, printed.row
        if given is None or row.shape is None:
            continue
        wrong = _wrong_shape(row.layer, given, row.shape) or _wrong_count(row, given)
        if wrong:
            raise misread(
                printed.label,
                f"{wrong}; {source.name} above gives {_written(given)}, "
                f"this row has {_written(row.shape)} and {row.params} parameters",
            )


def _pairs(table: Table) -> Iterator[tuple[Row, PrintedRow]]:
    """Rows with the one row that feeds them, where that is certain."""
    top = [printed for printed in table.rows if printed.row.depth == 0]
    if not table.has_connections:
        if _is_chain(table):
            for before, printed in pairwise(top):
                yield before.row, printed
        return
    rows = {printed.row.name: printed.row for printed in top if not printed.cut}
    for printed in top:
        connections = printed.row.connections
        source = rows.get(connections[0].removesuffix("[0][0]")) if len(connections) == 1 else None
        # The shape of a layer that is used several times may be that of another use.
        if source is not None and (len(source.connections) <= 1 or source.layer in _JOINING):
            yield source, printed


def _is_chain(table: Table) -> bool:
    inputs = sum(printed.row.layer == "InputLayer" for printed in table.rows)
    is_usual = table.model is None or _CHAINED.fullmatch(table.model) is not None
    return inputs <= 1 and (is_usual or table.rows[0].row.layer == "InputLayer")


def _wrong_shape(layer: str, given: Shape, shape: Shape) -> str:
    """What the shape should be, in words; nothing where it may be what it is."""
    if layer in _KEEPING:
        return "" if _alike(given, shape) else "the shape that the layer is given"
    if layer == "Flatten":
        flat = None if None in given[1:] else prod(axis or 1 for axis in given[1:])
        return "" if _alike((None, flat), shape) else f"(None, {flat})"
    if layer == "Dense":
        same = _alike(given[:-1], shape[:-1])
        return "" if same else "another number of units, and the other axes as they are given"
    match = _SPATIAL.fullmatch(layer)
    return "" if match is None else _wrong_axes(match, given, shape)


def _wrong_axes(match: re.Match[str], given: Shape, shape: Shape) -> str:
    """What is wrong with the axes of a convolution or pooling, and with its channels."""
    ndim = int(match["axes"]) + 2
    if not len(given) == len(shape) == ndim:
        return f"shapes of {ndim} axes before and after {match.group()}"
    if match["kind"] in _CONVOLUTIONS or any(
        _alike(given[axis : axis + 1], shape[axis : axis + 1]) for axis in (1, ndim - 1)
    ):
        return ""
    return "as many channels as the layer is given"


def _wrong_count(row: Row, given: Shape) -> str:
    """How many parameters a Dense should have, with a bias or without one."""
    if row.layer != "Dense" or row.params is None or not row.shape or not given:
        return ""
    size, units = given[-1], row.shape[-1]
    if size is None or units is None or row.params in (size * units, (size + 1) * units):
        return ""
    return f"{size} x {units} weights, {size * units:,}, and {units:,} more for the bias"


def _alike(one: Shape, other: Shape) -> bool:
    """Whether two shapes may be the same: an open axis may be any size."""
    return len(one) == len(other) and all(
        a is None or b is None or a == b for a, b in zip(one, other, strict=True)
    )


def _written(shape: Shape) -> str:
    return f"({', '.join(str(axis) for axis in shape)})"
