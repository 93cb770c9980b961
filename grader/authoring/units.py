"""Units: a network as a person writes it, each layer with the activation that is its argument.

So layers are dropped, doubled and moved, and what is left is a network again, or none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from grader.architecture import architecture_of
from grader.architecture.canonical import Caps
from grader.architecture.refusals import OutsideTableError, ReplyError, TooLargeError
from grader.records import Architecture, Layer

_MOST_INPUTS = 1


@dataclass(frozen=True)
class Unit:
    """A layer, the activation in it if any, and the units that feed it; inputs are units, too."""

    layer: Layer
    inputs: tuple[int, ...]
    fused: Layer | None = None


def units_of(architecture: Architecture) -> tuple[list[Unit], list[int]]:
    """The units of a network, and which of them give its outputs."""
    units: list[Unit] = []
    where: list[int] = []
    for layer in architecture.layers:
        inputs = tuple(where[index] for index in layer.inputs)
        if layer.fused and units[inputs[0]].fused is None:
            units[inputs[0]] = replace(units[inputs[0]], fused=layer)
            where.append(inputs[0])
        else:
            where.append(len(units))
            units.append(Unit(layer, inputs))
    return units, [where[index] for index in architecture.outputs]


def built(units: Sequence[Unit], outputs: Sequence[int], caps: Caps) -> Architecture | None:
    """The network of the units; None where they do not go together."""
    layers: list[Layer] = []
    where: list[int] = []
    identities: list[int] = []
    for unit in units:
        shares = unit.layer.shares
        inputs = tuple(where[index] for index in unit.inputs)
        layers.append(replace(unit.layer, inputs=inputs, shares=None))
        identities.append(len(layers) - 1 if shares is None else shares)
        if unit.fused is not None:
            layers.append(replace(unit.fused, inputs=(len(layers) - 1,)))
            identities.append(len(layers) - 1)
        where.append(len(layers) - 1)
    try:
        return architecture_of(layers, [where[index] for index in outputs], identities, caps)
    except (ReplyError, TooLargeError, OutsideTableError):
        return None


def lost(units: Sequence[Unit], outputs: Sequence[int], index: int) -> Iterator[int]:
    """Units that nothing needs any more where a layer that joins others is left out."""
    if len(units[index].inputs) > _MOST_INPUTS:
        source = units[index].inputs[0]
        needed = {source if output == index else output for output in outputs}
        for at in range(len(units) - 1, -1, -1):
            if at in needed and at != index:
                needed |= {source if i == index else i for i in units[at].inputs}
            elif at != index:
                yield at


def dropped(
    units: Sequence[Unit], outputs: Sequence[int], index: int
) -> tuple[list[Unit], list[int]]:
    """The units without one; what it fed gets the first of what fed it."""
    source = units[index].inputs[0]

    def place(old: int) -> int:
        old = source if old == index else old
        return old - (old > index)

    kept = [unit for at, unit in enumerate(units) if at != index]
    moved = [replace(unit, inputs=tuple(place(i) for i in unit.inputs)) for unit in kept]
    return moved, [place(output) for output in outputs]


def inserted(
    units: Sequence[Unit], outputs: Sequence[int], index: int
) -> tuple[list[Unit], list[int]]:
    """The units with one twice, the second fed by the first."""

    def place(old: int) -> int:
        return old + (old >= index)

    several = len(units[index].inputs) > _MOST_INPUTS
    again = replace(units[index], inputs=(index, *(units[index].inputs[1:] if several else ())))
    before = list(units[: index + 1])
    after = [replace(u, inputs=tuple(place(i) for i in u.inputs)) for u in units[index + 1 :]]
    return [*before, again, *after], [place(output) for output in outputs]


def follower(units: Sequence[Unit], index: int) -> int | None:
    """The one unit that is fed by this one, where it is fed by nothing else."""
    if len(units[index].inputs) != _MOST_INPUTS:
        return None
    fed = [at for at, unit in enumerate(units) if index in unit.inputs]
    alone = len(fed) == 1 and units[fed[0]].inputs == (index,)
    return fed[0] if alone else None
