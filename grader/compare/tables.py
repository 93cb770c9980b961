"""Compare: the printed table as steps, with the connections that it prints."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from grader.architecture import ReplyError, layer_effect, supposed_layer, takes_one_input
from grader.compare.infer import infer_joined, infer_settings
from grader.compare.steps import INPUT, Network, Step, kind_of, numbering
from grader.records import Row, Shape, Summary

_CONNECTION = re.compile(r"(?P<name>[^\[]+)(\[(?P<node>\d+)\])?")
# Keras 1 prints every layer that joins others as Merge.
_MERGE = "Merge"
_TWO = 2


@dataclass(frozen=True)
class _Source:
    """A connection: the row that it names, and which of the uses of its layer is meant."""

    index: int
    node: int


def has_merge_rows(reference: Summary) -> bool:
    """Whether the table holds Merge rows that do not say what they do."""
    return any(row.layer == _MERGE for row in reference.rows)


def reference_network(reference: Summary, input_shape: tuple[int, ...]) -> Network:
    """The steps of a printed table in their order. `input_shape` has no batch axis.

    A row without a connection follows the row before. An input that has no row of its own comes
    first. A layer that takes one input and has several connections is used several times; its
    weights count at the first.
    """
    rows = list(reference.rows)
    if not any(row.layer == INPUT for row in rows):
        rows.insert(0, Row(INPUT, (None, *input_shape), 0))
    elif sum(row.layer == INPUT for row in rows) == 1:
        rows = [_with_shape(row, input_shape) for row in rows]
    uses: list[list[Step]] = []
    for row in rows:
        sources = _sources(row, rows[: len(uses)])
        feeders = tuple(_used(uses, source) for source in sources)
        uses.append(_steps(row, feeders))
    steps = [step for of_row in uses for step in of_row]
    fed = {feeder for step in steps for feeder in step.feeders}
    return _numbered(steps, [step for step in steps if step not in fed])


def _with_shape(row: Row, input_shape: tuple[int, ...]) -> Row:
    known = row.layer != INPUT or row.shape is not None
    return row if known else replace(row, shape=(None, *input_shape))


def _sources(row: Row, above: Sequence[Row]) -> list[_Source]:
    """Where the row gets its values from, among the rows above it."""
    if row.layer == INPUT:
        return []
    found = [_source(connection, above) for connection in row.connections]
    if found:
        # A name without a row is the input that Keras 1 leaves out of the table.
        return [source or _Source(0, 0) for source in found]
    return [_Source(len(above) - 1, -1)]


def _source(connection: str, above: Sequence[Row]) -> _Source | None:
    match = _CONNECTION.match(connection)
    name = match["name"] if match else connection
    node = int(match["node"] or 0) if match else 0
    exact = [index for index, row in enumerate(above) if row.name == name]
    # A long name is cut at the end of the column, and its bracket with it.
    cut = [index for index, row in enumerate(above) if row.name.startswith(name)]
    fitting = exact or ([] if "[" in connection else cut)
    return _Source(fitting[-1], node) if fitting else None


def _used(uses: Sequence[Sequence[Step]], source: _Source) -> Step:
    of_row = uses[source.index]
    # Nodes are counted over all networks that a layer stands in, so a number may be too large.
    return of_row[min(source.node, len(of_row) - 1)]


def _steps(row: Row, feeders: tuple[Step, ...]) -> list[Step]:
    """The uses of the row's layer: one step, or as many as it has connections."""
    shapes = tuple(feeder.row.shape for feeder in feeders)
    if row.layer == _MERGE:
        joined = replace(row, layer=_joined(row, shapes))
        step = _step(joined, feeders)
        return [replace(step, kind=kind_of(joined.layer, merge_rows=True))]
    if len(feeders) > 1 and takes_one_input(row.layer):
        rows = [replace(row, shape=shape) for shape in _shapes_of_uses(row, shapes)]
        again = [replace(one, params=0) for one in rows[1:]]
        return [
            _step(one, (feeder,)) for one, feeder in zip([rows[0], *again], feeders, strict=True)
        ]
    return [_step(row, feeders)]


def _shapes_of_uses(row: Row, inputs: Sequence[Shape | None]) -> list[Shape | None]:
    """What each use of a layer gives: the table prints the shape of one use alone.

    The others follow from the settings by which that one gives the row.
    """
    alike: list[Shape | None] = [row.shape] * len(inputs)
    if len(set(inputs)) == 1:
        return alike
    for shape in inputs:
        for settings in infer_settings(row, shape):
            try:
                layer = supposed_layer(row.layer, settings)
            except ReplyError:
                continue
            if layer_effect(layer, [shape]) == (row.shape, row.params):
                return [layer_effect(layer, [one])[0] for one in inputs]
    return alike


def _step(row: Row, feeders: tuple[Step, ...]) -> Step:
    shapes = tuple(feeder.row.shape for feeder in feeders)
    inferred = infer_settings(row, shapes[0]) if len(shapes) == 1 else infer_joined(row, shapes)
    usual, *others = inferred or ({},)
    return Step(row, kind_of(row.layer), usual, shapes, feeders, other_settings=tuple(others))


def _joined(row: Row, inputs: Sequence[Shape | None]) -> str:
    """What a Merge row does: its inputs are added up, stand side by side, or are multiplied."""
    if all(row.shape == shape for shape in inputs):
        return "Add"
    if infer_joined(replace(row, layer="Concatenate"), inputs):
        return "Concatenate"
    if all(shape is not None and _stretches(shape, row.shape) for shape in inputs):
        return "Multiply"
    return "Dot" if len(inputs) == _TWO else "Concatenate"


def _stretches(shape: Shape, wide: Shape | None) -> bool:
    """Whether single values of the one may be taken again and again to give the other."""
    pairs = zip(shape, wide or (), strict=False)
    return len(shape) == len(wide or ()) and all(size in (1, out) for size, out in pairs)


def _numbered(steps: Sequence[Step], outputs: Sequence[Step]) -> Network:
    """The network, its steps numbered among those of their class."""
    number = numbering(step.row.layer for step in steps)
    final: dict[Step, Step] = {}
    for step in steps:
        final[step] = replace(number(step), feeders=tuple(final[f] for f in step.feeders))
    return Network(tuple(final.values()), tuple(final[step] for step in outputs))
