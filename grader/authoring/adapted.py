"""Authoring, step 2: a summary as a table to be matched: today's layers, nothing nested."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from grader.authoring.channels import channels_first, channels_last
from grader.authoring.former import buildable, in_todays_words
from grader.authoring.neutral import INPUT, NETWORKS, without_neutral
from grader.authoring.unsolved import UnsolvedError
from grader.records import Row, Summary


@dataclass(frozen=True)
class Adapted:
    """A summary as a table; `changes` say what stands there otherwise than it was pasted.

    `turned`: the channels of images stood first.
    """

    summary: Summary
    changes: tuple[str, ...] = ()
    turned: bool = False


def adapted(summary: Summary) -> Adapted:
    """The summary with layers that the grader builds, channels last, nothing nested.

    Raises UnsolvedError for a row of which no exercise can be made.
    """
    changes: list[str] = []
    rows = _inlined(summary.rows)
    if len(rows) < len(summary.rows):
        changes.append("the networks inside the network stand with their own rows alone")
    table = replace(summary, rows=tuple(rows))
    turned = channels_first(table)
    if turned:
        table = channels_last(table)
        changes.append("the channels of images stand last; the summary has them first")
    table, reworded = in_todays_words(table)
    table, left_out = without_neutral(table)
    _refuse_outside(table.rows)
    return Adapted(table, (*changes, *reworded, *left_out), turned)


def _refuse_outside(rows: Sequence[Row]) -> None:
    """Raise UnsolvedError for the first row that is no layer that the grader can build."""
    outside = next((row for row in rows if row.layer != INPUT and not buildable(row.layer)), None)
    if outside is None:
        return
    name, layer = outside.name, outside.layer
    if layer in NETWORKS:
        raise UnsolvedError(
            name,
            f"{name!r} is a network inside the network, and its own rows are not printed. Print "
            "the summary again with model.summary(expand_nested=True), or take the summary of the "
            "inner network",
        )
    raise UnsolvedError(
        name,
        f"{layer} is not among the layers that the grader can build, so {name!r} cannot be part "
        "of an exercise: leave it out of the network, or print one without it",
    )


def _inlined(rows: Sequence[Row]) -> list[Row]:
    """The rows with those of a network inside in the place of its one row."""
    result: list[Row] = []
    ends: dict[str, str] = {}
    for index, row in enumerate(rows):
        inside = _inside(rows, index)
        if row.layer not in NETWORKS or not inside:
            if row.depth == 0:
                result.append(_connected(row, ends))
            continue
        if row.depth:
            continue
        feeds = _connected(row, ends).connections
        kept = [one for one in inside if one.layer not in {INPUT, *NETWORKS}]
        names = {one.name for one in inside}
        for place, one in enumerate(kept):
            pairs = zip(one.connections, one.sources, strict=True)
            own = tuple(connection for connection, source in pairs if source in names)
            first = not own or inside[0].name in one.sources
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
