"""Authoring, step 2: a summary as a table to be matched: nothing nested, today's counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from grader.records import Row, Summary, Totals

INPUT = "InputLayer"
# Networks inside networks print as a row of their own.
_NETWORKS = frozenset({"Functional", "Sequential", "Model"})
_OLD_COUNT = 2
_COUNT = 4


@dataclass(frozen=True)
class Adapted:
    """A summary as a table; `changes` say what stands there otherwise than it was pasted."""

    summary: Summary
    changes: tuple[str, ...] = ()


def adapted(summary: Summary) -> Adapted:
    """The summary without networks inside it, and with today's counts of BatchNormalization."""
    changes: list[str] = []
    rows = _inlined(summary.rows)
    if len(rows) < len(summary.rows):
        changes.append("the networks inside the network stand with their own rows alone")
    totals = summary.totals
    if totals.trainable is None and _is_old(rows):
        added = sum(row.params or 0 for row in rows if row.layer == "BatchNormalization")
        rows = [_recounted(row) for row in rows]
        whole = (totals.total or 0) + added
        totals = Totals(whole, whole - added, added)
        changes.append(
            "each BatchNormalization counts 4 parameters per channel, as it does since Keras 1.2; "
            "the summary counts 2"
        )
    return Adapted(Summary(tuple(rows), totals), tuple(changes))


def opaque_network(rows: Sequence[Row]) -> Row | None:
    """The row of a network whose own rows are not printed, if there is one."""
    for index, row in enumerate(rows):
        inner = rows[index + 1].depth > row.depth if index + 1 < len(rows) else False
        if row.layer in _NETWORKS and not inner:
            return row
    return None


def _inlined(rows: Sequence[Row]) -> list[Row]:
    """The rows with those of a network inside in the place of its one row."""
    result: list[Row] = []
    ends: dict[str, str] = {}
    for index, row in enumerate(rows):
        inside = _inside(rows, index)
        if row.layer not in _NETWORKS or not inside:
            if row.depth == 0:
                result.append(_connected(row, ends))
            continue
        if row.depth:
            continue
        feeds = _connected(row, ends).connections
        kept = [one for one in inside if one.layer not in {INPUT, *_NETWORKS}]
        names = {one.name for one in inside}
        for place, one in enumerate(kept):
            own = tuple(c for c in one.connections if c.partition("[")[0] in names)
            first = not own or any(c.partition("[")[0] == inside[0].name for c in own)
            is_input = inside[0].layer == INPUT and first
            connections = feeds if place == 0 or is_input else own
            result.append(replace(one, depth=0, connections=connections))
        if kept:
            ends[row.name] = kept[-1].name
    return result


def _inside(rows: Sequence[Row], index: int) -> list[Row]:
    depth, inside = rows[index].depth, []
    for row in rows[index + 1 :]:
        if row.depth <= depth:
            break
        inside.append(row)
    return inside


def _connected(row: Row, ends: dict[str, str]) -> Row:
    """The row, with the last layer of a network inside in place of that network."""
    connections = []
    for connection in row.connections:
        name, bracket, rest = connection.partition("[")
        connections.append(f"{ends[name]}[0][0]" if name in ends else f"{name}{bracket}{rest}")
    return replace(row, connections=tuple(connections))


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
