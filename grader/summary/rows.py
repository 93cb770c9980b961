"""Turns the cells of a row into a row, in every layout alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from grader.records import Row
from grader.summary.fields import cut_count, read_connections, read_label, read_params, read_shape
from grader.summary.lines import Cells, PrintedRow, misread

_FLAGS = ("Y", "N", "-", "")


def read_row(cells: Cells) -> PrintedRow:
    """The row in these cells, its class under today's name."""
    if cells.trainable is not None and cells.trainable.text not in _FLAGS:
        raise misread(cells.trainable, "Y, N or - in the column 'Trainable'")
    shape = read_shape(cells.shape)
    label = read_label(cells.label, None if shape is None else len(shape))
    count_begins = cut_count(cells.params)
    params = None if count_begins else read_params(cells.params)
    connections = read_connections(cells.connected)
    row = Row(label.classes[0], shape, params, label.name, connections, cells.depth)
    several = label.classes if len(label.classes) > 1 else ()
    frozen = cells.trainable is not None and cells.trainable.text == "N"
    return PrintedRow(cells.label, row, label.cut, frozen, several, count_begins)


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
