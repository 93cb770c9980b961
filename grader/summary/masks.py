"""Leaves out the rows of masks, which Keras 3 prints in functional models.

Behind an Embedding(mask_zero=True) or a Masking, Keras inserts operations that say which steps are
to be skipped, and connects every layer to them that heeds a mask. They follow from that layer.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from grader.records import Row
from grader.summary.classes import CLASS_NAMES
from grader.summary.lines import PrintedRow

_BEGINNING = ("Embedding", "Masking")


def without_masks(
    rows: Sequence[PrintedRow],
) -> tuple[tuple[PrintedRow, ...], frozenset[str]]:
    """The rows without those of masks, and the names of the layers that begin a mask."""
    fed = {
        printed.row.connections[0]: printed.row.name
        for printed in rows
        if printed.row.layer in _BEGINNING and len(printed.row.connections) == 1
    }
    masks: set[str] = set()
    beginning: set[str] = set()
    for row in (printed.row for printed in rows):
        if row.layer == "NotEqual" and len(row.connections) == 1 and row.connections[0] in fed:
            beginning.add(fed[row.connections[0]])
            masks.add(row.name)
        elif _only_of(row, masks):
            masks.add(row.name)
    kept = [
        replace(printed, row=_unmasked(printed.row, masks))
        for printed in rows
        if printed.row.name not in masks
    ]
    return tuple(kept), frozenset(beginning)


def _only_of(row: Row, masks: Collection[str]) -> bool:
    """Whether the row is an operation on masks and on nothing else."""
    alone = bool(row.sources) and set(row.sources).issubset(masks)
    return alone and row.layer not in CLASS_NAMES


def _unmasked(row: Row, masks: Collection[str]) -> Row:
    pairs = zip(row.connections, row.sources, strict=True)
    kept = tuple(connection for connection, source in pairs if source not in masks)
    return row if kept == row.connections else replace(row, connections=kept)
