"""Compare: the values by which a sentence names layers and places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from grader.compare.infer import Settings
from grader.compare.moves import Move
from grader.compare.steps import INPUT, Step
from grader.compare.wiring import Aligned
from grader.records import Value


def named(name: str, step: Step) -> Settings:
    """Class, ordinal and number of its class, as `name`, `name_ordinal` and `name_count`."""
    return {
        name: step.row.layer,
        f"{name}_ordinal": step.ordinal,
        f"{name}_count": step.num_alike,
    }


def places(steps: Iterable[Step]) -> tuple[Value, ...]:
    """Several layers: class, ordinal and number of its class of each."""
    return tuple((step.row.layer, step.ordinal, step.num_alike) for step in steps)


def place(pair: Aligned) -> Settings:
    """Both sides' layers with shapes and parameters, and the layers that feed them."""
    values: Settings = {}
    for side, step in (("reference", pair.reference), ("submitted", pair.submitted)):
        if step is None:
            continue
        values |= named(side, step)
        values[f"{side}_shape"] = step.row.shape
        values[f"{side}_params"] = step.row.params
        before = step.feeders[0] if step.feeders else None
        if before is not None and before.kind != INPUT:
            values |= named(f"{side}_before", before)
    return values


def move_values(pairs: Sequence[Aligned], moves: Sequence[Move]) -> Settings:
    """Neighbours at another place, with the layer that they should be on the other side of."""
    first = moves[0]
    late = pairs[first.first].submitted is None
    moved = [pairs[move.second if late else move.first].submitted for move in moves]
    passed = [p.submitted for p in pairs[first.first : first.second] if p.submitted and not p.alone]
    values: Settings = {"late": late}
    if moved[0] is not None:
        values |= named("moved", moved[0])
    if passed:
        values |= named("other", passed[-1] if late else passed[0])
    if len(moved) > 1:
        values["layers"] = tuple(step.row.layer for step in moved if step is not None)
    return values
