"""Compare: layers that stand at another place than in the table, found among the steps left alone.

A missing and an extra step of one kind are one layer that was moved; two missing and two extra
ones, crosswise, are two layers that were exchanged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from grader.compare.steps import Step, fits
from grader.compare.wiring import Aligned

NEAR = 2  # so many rows between a layer's place and where it was put are no question


@dataclass(frozen=True)
class Move:
    """The indices of the two pairs, smaller first, that are one layer (or several) elsewhere."""

    first: int
    second: int


def find_moves(pairs: Sequence[Aligned]) -> list[Move]:
    """A missing and an extra step each that are one layer at another place, in row order."""
    moves: list[Move] = []
    taken: set[int] = set()
    for first, second in (*_near(pairs), *_far(pairs)):
        if not {first, second} & taken and _moved(pairs[first], pairs[second]):
            moves.append(Move(first, second))
            taken |= {first, second}
    return sorted(moves, key=lambda move: move.first)


def _near(pairs: Sequence[Aligned]) -> Iterator[tuple[int, int]]:
    for first in range(len(pairs)):
        for second in range(first + 2, min(first + NEAR + 2, len(pairs))):
            extra = pairs[first].submitted or pairs[second].submitted
            neighbours = second - first == 2  # noqa: PLR2004 - one row is between the two
            if extra and (neighbours or not _is_copy(extra, pairs)):
                yield first, second


def _far(pairs: Sequence[Aligned]) -> Iterator[tuple[int, int]]:
    """Two that are the only ones of their kind without a partner, where this is no chance.

    A copy beside its original is a layer too many, one beside another that is missing takes its
    place, and an activation is too common to be followed.
    """
    alone: dict[str, list[int]] = {}
    for index, pair in enumerate(pairs):
        step = pair.reference or pair.submitted
        if pair.alone and step is not None:
            alone.setdefault(step.kind, []).append(index)
    for kind, indices in alone.items():
        if len(indices) == 2 and kind != "Activation":  # noqa: PLR2004 - one on each side
            steps = _moved(pairs[indices[0]], pairs[indices[1]])
            replaces = any(_beside_other(pairs, index) for index in indices)
            if steps and fits(*steps) and not replaces and not _is_copy(steps[1], pairs):
                yield indices[0], indices[1]


def _beside_other(pairs: Sequence[Aligned], index: int) -> bool:
    """Whether a step of the other side stands alone beside this one."""
    beside = [pairs[i] for i in (index - 1, index + 1) if 0 <= i < len(pairs)]
    missing = pairs[index].submitted is None
    return any(pair.alone and (pair.submitted is None) != missing for pair in beside)


def _is_copy(step: Step, pairs: Sequence[Aligned]) -> bool:
    submitted = [pair.submitted for pair in pairs if pair.submitted]
    beside = [*step.feeders, *(other for other in submitted if step in other.feeders)]
    return any(other.kind == step.kind for other in beside)


def _moved(one: Aligned, other: Aligned) -> tuple[Step, Step] | None:
    """The reference's and the submission's step of one kind, one from each of the two pairs."""
    if not one.alone or not other.alone:
        return None
    missing = one.reference or other.reference
    extra = one.submitted or other.submitted
    if missing is None or extra is None or missing.kind != extra.kind:
        return None
    return missing, extra


def with_exchanges(pairs: Sequence[Aligned]) -> tuple[Aligned, ...]:
    """The pairs, two layers that stand in each other's place being made partners.

    That is, between two partners A is missing and B is extra, and elsewhere the other way round.
    """
    places = list(_replaced(pairs))
    together: dict[int, Aligned] = {}
    for (one, i), (other, j) in combinations(places, 2):
        if _crosswise(one, other) and _kind(one.reference) != _kind(one.submitted):
            together |= {i: one, j: other}
    second = {index + 1 for index in together}
    return tuple(
        together.get(index, pair) for index, pair in enumerate(pairs) if index not in second
    )


def _replaced(pairs: Sequence[Aligned]) -> Iterator[tuple[Aligned, int]]:
    """Where between two partners just one step is missing and one is extra: the two, and where."""
    for index in range(len(pairs) - 1):
        around = [p for i in (index - 1, index + 2) if 0 <= i < len(pairs) for p in (pairs[i],)]
        one, other = pairs[index], pairs[index + 1]
        both = Aligned(one.reference or other.reference, one.submitted or other.submitted)
        if one.alone and other.alone and not both.alone and not any(p.alone for p in around):
            yield both, index


def _kind(step: Step | None) -> str:
    return step.kind if step else ""


def find_exchanges(pairs: Sequence[Aligned]) -> list[Move]:
    """Partners of two kinds that would fit crosswise: two layers in each other's place."""
    moves: list[Move] = []
    waiting: list[int] = []
    for index, pair in enumerate(pairs):
        if pair.alone or _kind(pair.reference) == _kind(pair.submitted):
            continue
        partner = next((i for i in waiting if _crosswise(pairs[i], pair)), None)
        if partner is None:
            waiting.append(index)
        else:
            waiting.remove(partner)
            moves.append(Move(partner, index))
    return moves


def _crosswise(one: Aligned, other: Aligned) -> bool:
    return (_kind(one.reference), _kind(one.submitted)) == (
        _kind(other.submitted),
        _kind(other.reference),
    )
