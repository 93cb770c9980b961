"""Compare, between alignment and causes: pairs as the causes want them.

Activations that the table cannot show are taken out, gaps are moved to where a block of layers
begins, and a missing beside an extra layer becomes a wrong type.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import TypeAlias

from grader.architecture import takes_activation
from grader.compare.moves import Move
from grader.compare.steps import INPUT, Network, Step, fits, same_row
from grader.compare.wiring import Aligned

MOST_SHIFTED = 4  # so many rows a gap is moved along
_IN_BLOCK = frozenset({"BatchNormalization", "Activation"})

Alike: TypeAlias = Callable[[Aligned, Aligned], bool]


def free_activations(pairs: Sequence[Aligned], reference: Network) -> list[int]:
    """Indices of extra activations where the table has its own, if any, within another row.

    A table printed from Dense(8, activation="softmax") has no Activation row there, and cannot say
    which activation it is, or whether there is one.
    """
    partners = {pair.submitted: pair.reference for pair in pairs if pair.submitted}
    free = []
    for index, pair in enumerate(pairs):
        extra = pair.submitted
        if pair.reference is None and extra is not None and extra.kind == "Activation":
            partner = partners.get(extra.feeders[0])
            if partner and takes_activation(partner.row.layer) and is_silent(partner, reference):
                free.append(index)
    return free


def is_silent(step: Step, network: Network) -> bool:
    """Whether no Activation row follows before the next layer that may hold an activation."""
    reached = {step}
    # Each step stands after its feeders, so that one look at all of them is enough.
    for consumer in network.steps:
        if reached.intersection(consumer.feeders):
            if consumer.kind == "Activation":
                return False
            if not takes_activation(consumer.row.layer):
                reached.add(consumer)
    return True


def with_blocks(pairs: Sequence[Aligned]) -> tuple[Aligned, ...]:
    """The pairs, each gap moved to where it makes most sense, where it may stand at several places.

    Between like layers that is so at the same cost. A gap of several rows is best a whole block,
    from a layer to its activation. One row is best beside a gap of the other side, which makes the
    two a wrong type, or one row from a gap of its kind there, which makes neighbours in another
    order of them.
    """
    result = list(pairs)
    start = 0
    for side, group in groupby(pairs, key=_missing_side):
        length = len(list(group))
        if side:
            result = _settled(result, start, length, side)
        start += length
    return tuple(result)


def _settled(pairs: list[Aligned], start: int, length: int, side: str) -> list[Aligned]:
    """The pairs with one gap at its best place, the nearest one; equal rows before like layers."""
    shifts = sorted(range(-MOST_SHIFTED, MOST_SHIFTED + 1), key=abs)
    for alike in (_equal, _both_fit):
        best, most = pairs, 0
        for shift in shifts:
            moved = _shifted(pairs, start, length, shift, side, alike)
            worth = _worth(moved, start + shift, length, side) if moved else 0
            if moved and worth > most:
                best, most = moved, worth
        if most:
            return best
    return pairs


def _missing_side(pair: Aligned) -> str:
    """The side that stands alone, "" where neither does."""
    if not pair.alone:
        return ""
    return "reference" if pair.submitted is None else "submitted"


def _step(pair: Aligned, side: str) -> Step | None:
    return pair.reference if side == "reference" else pair.submitted


def _worth(pairs: Sequence[Aligned], start: int, length: int, side: str) -> int:
    """How much sense a gap makes at its place: 0 for none.

    A block begins with a layer that may have an activation and does not end before it; most of all
    it begins where no other block of that kind ends.
    """
    if length == 1:
        return int(_meets(pairs, start, side))
    first = _step(pairs[start], side)
    if first is None or not takes_activation(first.row.layer):
        return 0
    behind = next((_step(p, side) for p in pairs[start + length :] if _step(p, side)), None)
    if behind is not None and behind.kind in _IN_BLOCK:
        return 0
    return 1 if first.feeders[0].kind in _IN_BLOCK else 2


def _meets(pairs: Sequence[Aligned], start: int, side: str) -> bool:
    """Whether a gap of one row is beside one of the other side, or its kind misses one row on."""
    own = _step(pairs[start], side)
    for distance in (-2, -1, 1, 2):
        if 0 <= start + distance < len(pairs):
            pair = pairs[start + distance]
            other = pair.reference or pair.submitted
            opposite = _missing_side(pair) not in ("", side)
            if opposite and own and other and (abs(distance) == 1 or own.kind == other.kind):
                return True
    return False


def _shifted(
    pairs: list[Aligned], start: int, length: int, shift: int, side: str, alike: Alike
) -> list[Aligned] | None:
    """The pairs with a gap moved along by so many rows; None where rows are not alike.

    Moving a gap down by one gives the partner of the row below it to its own first row.
    """
    result = list(pairs)
    step = 1 if shift > 0 else -1
    for offset in range(0, shift, step):
        inside, outside = start + offset, start + offset + length
        if shift < 0:
            inside, outside = outside - 1, inside - 1
        if not 0 <= outside < len(result) or result[outside].alone:
            return None
        lone, pair = result[inside], result[outside]
        if side == "reference":
            together, left = Aligned(lone.reference, pair.submitted), Aligned(pair.reference, None)
        else:
            together, left = Aligned(pair.reference, lone.submitted), Aligned(None, pair.submitted)
        if not alike(pair, together):
            return None
        result[inside], result[outside] = together, left
    return result


def _equal(one: Aligned, other: Aligned) -> bool:
    """Whether partners may be exchanged: rows are equal, and nothing branches there."""
    sides = ((one.reference, other.reference), (one.submitted, other.submitted))
    return all(a and b and same_row(a, b) and _in_chain(a, b) for a, b in sides)


def _both_fit(one: Aligned, other: Aligned) -> bool:
    """Whether partners may be exchanged: both ways a layer is right in its place."""
    pairs = ((one.reference, one.submitted), (other.reference, other.submitted))
    return all(a and b and fits(a, b) and _in_chain(a, b) for a, b in pairs)


def _in_chain(one: Step, other: Step) -> bool:
    return len(one.feeders) == len(other.feeders) == 1


def pair_substitutes(pairs: Sequence[Aligned], moves: Sequence[Move]) -> tuple[Aligned, ...]:
    """The alignment with neighbours of a missing and an extra layer made one pair: a wrong type.

    Pairs that are one layer at another place (`moves`) stay apart.
    """
    apart = {index for move in moves for index in (move.first, move.second)}
    result: list[Aligned] = []
    waiting: list[int] = []
    for index, pair in enumerate(pairs):
        if index in apart or not pair.alone:
            waiting.clear()
            result.append(pair)
            continue
        partner = next((i for i in waiting if _complement(result[i], pair)), None)
        if partner is None:
            waiting.append(len(result))
            result.append(pair)
        else:
            waiting.remove(partner)
            other = result[partner]
            result[partner] = Aligned(
                other.reference or pair.reference, other.submitted or pair.submitted
            )
    return tuple(result)


def _complement(one: Aligned, other: Aligned) -> bool:
    steps = (one.reference or other.reference, one.submitted or other.submitted)
    if (one.reference is None) == (other.reference is None):
        return False
    return all(step is not None and step.kind != INPUT for step in steps)
