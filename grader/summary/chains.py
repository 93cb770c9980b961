"""Checks that shapes chain: what a layer gives follows from what it is given, where it must."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
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


def is_commutative(layer: str) -> bool:
    """Whether a layer of this class gives the same whatever the order of its inputs."""
    return layer in _JOINING - {"Concatenate", "Subtract"}


def takes_several(layer: str) -> bool:
    """Whether the connections of such a row are inputs of one layer, and not uses of it."""
    return layer in _JOINING or layer.endswith(("Attention", "Dot"))


def may_feed(given: Row, row: Row, others: Sequence[Row]) -> bool:
    """Whether the row may take what `given` gives, beside what the `others` give."""
    if given.shape is None or row.shape is None:
        return True
    if row.layer == "Concatenate":
        return _fits_beside(given.shape, row.shape, [one.shape for one in others])
    if row.layer in _JOINING - {"Merge"}:
        pairs = list(zip(given.shape, row.shape, strict=False))
        return len(given.shape) == len(row.shape) and all(_stretches(a, b) for a, b in pairs)
    return not (_wrong_shape(row.layer, given.shape, row.shape) or _wrong_count(row, given.shape))


def _stretches(size: int | None, out: int | None) -> bool:
    return size is None or out is None or size in (1, out)


def _fits_beside(given: Shape, shape: Shape, others: Sequence[Shape | None]) -> bool:
    """Whether the shapes lie side by side along some axis; `others` are those that are known."""
    if len(given) != len(shape):
        return False
    unlike = [at for at, (a, b) in enumerate(zip(given, shape, strict=True)) if a != b]
    if len(unlike) != 1 or any(other is None or len(other) != len(shape) for other in others):
        return len(unlike) <= 1
    axis = unlike[0]
    beside = [other[axis] or 0 for other in others if other is not None]
    return (given[axis] or 0) + sum(beside) <= (shape[axis] or 0)


def _pairs(table: Table) -> Iterator[tuple[Row, PrintedRow]]:
    """Rows with the one row that feeds them, where that is certain."""
    top = [printed for printed in table.rows if printed.row.depth == 0]
    if not table.has_connections:
        if is_chained(table.rows, table.model):
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


def is_chained(rows: Sequence[PrintedRow], model: str | None) -> bool:
    """Whether rows without connections follow each other in a network of that name."""
    inputs = sum(printed.row.layer == "InputLayer" for printed in rows)
    is_usual = model is None or _CHAINED.fullmatch(model) is not None
    return inputs <= 1 and (is_usual or rows[0].row.layer == "InputLayer")


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
