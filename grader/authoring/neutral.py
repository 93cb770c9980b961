"""Authoring, step 2c: rows that the grader cannot build and that the network does without.

Images are scaled by a Lambda, turned and flipped by layers for training, converted by operations of
TensorFlow, or have a constant added. Where such a row gives back what it is given, in shape, and
learns nothing, an exercise is made of the others.
"""

from __future__ import annotations

from dataclasses import replace

from grader.authoring.former import buildable
from grader.records import Row, Shape, Summary

INPUT = "InputLayer"
_ARITHMETIC = frozenset({"Add", "Subtract", "Multiply", "Maximum", "Minimum"})
NETWORKS = frozenset({"Functional", "Sequential", "Model"})


def without_neutral(summary: Summary) -> tuple[Summary, list[str]]:
    """The summary without such rows, and for each the sentence that says so.

    What took its values from one of them takes them from what that one took. Of a network that
    begins with one its shape remains, as the input.
    """
    kept: list[Row] = []
    instead: dict[str, str] = {}
    changes: list[str] = []
    for row in summary.rows:
        connected = replace(row, connections=tuple(_led(c, instead) for c in row.connections))
        before = _before(connected, kept)
        if not _is_neutral(connected, before, first=not kept):
            kept.append(connected)
            continue
        changes.append(
            f"{row.name} ({row.layer}) is left out: it keeps the shape, has no parameters, and "
            "the grader cannot build it"
        )
        if kept:
            instead[row.name] = next(iter(connected.sources), kept[-1].name)
        else:
            kept.append(Row(INPUT, row.shape, 0, row.name))
    return replace(summary, rows=tuple(kept)), changes


def _led(connection: str, instead: dict[str, str]) -> str:
    name, bracket, rest = connection.partition("[")
    return f"{instead[name]}[0][0]" if name in instead else f"{name}{bracket}{rest}"


def _before(row: Row, kept: list[Row]) -> Shape | None:
    """The shape that feeds the row, None where it is not certain."""
    if not row.connections:
        return kept[-1].shape if kept else None
    return next((one.shape for one in kept if one.name == row.sources[0]), None)


def _is_neutral(row: Row, before: Shape | None, *, first: bool) -> bool:
    if row.params or row.shape is None or len(row.connections) > 1 or row.layer == INPUT:
        return False
    if not buildable(row.layer) or row.layer == "Normalization":
        return first or row.shape == before
    # With one connection where others have several: a constant is added, or multiplied with.
    return row.layer in _ARITHMETIC and bool(row.connections) and row.shape == before
