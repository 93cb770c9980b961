"""Turns the cells of a row into a row, in every layout alike."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from grader.records import Row
from grader.summary.fields import read_connections, read_label, read_params, read_shape
from grader.summary.lines import Cells, PrintedRow, misread

_FLAGS = ("Y", "N", "-", "")
# What a column leaves of a connection that it cuts; the first use of a layer is by far the usual.
_CUT_CONNECTION = re.compile(r"(?P<name>[^\[]+)(?P<bracket>\[)?(?:0(?:\](?:\[0?)?)?)?")


def read_row(cells: Cells) -> PrintedRow:
    """The row in these cells, its class under today's name."""
    if cells.trainable is not None and cells.trainable.text not in _FLAGS:
        raise misread(cells.trainable, "Y, N or - in the column 'Trainable'")
    shape = read_shape(cells.shape)
    label = read_label(cells.label, None if shape is None else len(shape))
    params = read_params(cells.params)
    connections = read_connections(cells.connected)
    row = Row(label.layer, shape, params, label.name, connections, cells.depth)
    return PrintedRow(cells.label, row, label.cut)


def without_batch_size(rows: Sequence[PrintedRow]) -> tuple[PrintedRow, ...]:
    """The rows with None for the batch axis where all of them have the same fixed size there."""
    sizes = {row.row.shape[0] for row in rows if row.row.shape}
    if len(sizes) != 1 or None in sizes:
        return tuple(rows)
    return tuple(
        replace(row, row=replace(row.row, shape=(None, *row.row.shape[1:])))
        if row.row.shape
        else row
        for row in rows
    )


def with_whole_connections(rows: Sequence[PrintedRow]) -> tuple[PrintedRow, ...]:
    """The rows with connections that were cut completed, where one layer alone can be meant."""
    names = sorted({printed.row.name for printed in rows})
    return tuple(
        replace(
            printed,
            row=replace(
                printed.row,
                connections=tuple(_whole(text, names) for text in printed.row.connections),
            ),
        )
        for printed in rows
    )


def _whole(connection: str, names: Sequence[str]) -> str:
    match = _CUT_CONNECTION.fullmatch(connection)
    if match is None:
        return connection
    name = match["name"]
    if match["bracket"]:
        return f"{name}[0][0]"
    at = bisect_left(names, name)
    fitting = [found for found in names[at : at + 2] if found.startswith(name)]
    return f"{fitting[0]}[0][0]" if len(fitting) == 1 else connection
