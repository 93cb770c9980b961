"""Authoring, step 2a: a table with the channels before the sizes, as Theano had them, turned round.

Keras on a processor wants the channels last, and so have all sheets. The network is the same: with
its axes in the other order it has the same layers and the same parameters.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from grader.authoring.first_row import possible_inputs
from grader.compare.infer import infer_settings
from grader.records import Row, Shape, Summary

_FIXED_CHANNELS = ("Pooling2D", "Pooling3D", "ZeroPadding2D", "ZeroPadding3D", "UpSampling2D")
_SPATIAL_AXES = (4, 5)


def channels_first(summary: Summary) -> bool:
    """Whether some layer of the table can only be if the channels stand before the sizes."""
    return any(_only_first(before, row) for before, row in _pairs(summary))


def channels_last(summary: Summary) -> Summary:
    """The summary with the channels of every image behind its sizes."""
    return replace(
        summary, rows=tuple(replace(row, shape=moved(row.shape)) for row in summary.rows)
    )


def moved(shape: Shape | None) -> Shape | None:
    """A shape with batch axis, its first axis of an image made the last; others as they are."""
    if shape is None or len(shape) not in _SPATIAL_AXES:
        return shape
    return (shape[0], *shape[2:], shape[1])


def _pairs(summary: Summary) -> Iterator[tuple[Shape | None, Row]]:
    """Rows with the shape that feeds them, None where the summary does not show it."""
    rows = {row.name: row for row in summary.rows}
    yield None, summary.rows[0]
    for before, row in pairwise(summary.rows):
        source = rows.get(row.sources[0]) if row.sources else before
        yield (source.shape if source is not None and len(row.sources) < 2 else None), row  # noqa: PLR2004


def _only_first(given: Shape | None, row: Row) -> bool:
    shape = row.shape
    if shape is None or row.layer == "InputLayer":
        return False
    if given is None:
        turned = replace(row, shape=moved(shape))
        return turned != row and not possible_inputs(row) and bool(possible_inputs(turned))
    if len(given) not in _SPATIAL_AXES:
        return False
    if row.layer.startswith("Global"):
        return len(shape) == 2 and shape[-1] == given[1] != given[-1]  # noqa: PLR2004
    return len(shape) == len(given) and _only_first_inside(given, row, shape)


def _only_first_inside(given: Shape, row: Row, shape: Shape) -> bool:
    """The same of a layer that gives an image for an image."""
    if row.layer.endswith(_FIXED_CHANNELS):
        return given[1] == shape[1] and given[-1] != shape[-1]
    return _is_convolution(row) and not _solves(given, row) and _solves_moved(given, row)


def _is_convolution(row: Row) -> bool:
    return "Conv" in row.layer and bool(row.params)


def _solves(given: Shape, row: Row) -> bool:
    return any({"kernel_size", "strides"} <= set(found) for found in infer_settings(row, given))


def _solves_moved(given: Shape, row: Row) -> bool:
    turned = moved(given)
    return turned is not None and _solves(turned, replace(row, shape=moved(row.shape)))
