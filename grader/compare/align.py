"""Compare, first half: rows of two networks are aligned, each network in an order of its own.

A chain has one order; a network that branches is walked from its outputs, branch after branch, and
where its branches were joined in another order than the other network's they are walked in the
other's order. Sequences are aligned at the least cost (Needleman and Wunsch, J. Mol. Biol. 48,
1970): a row that stands alone costs `GAP`; two rows side by side cost what `pair_cost` says. The
numbers are chosen so that
- the same layer at another size is always kept together (far below two gaps),
- siblings (max and average pooling) are kept together, as one wrong type instead of one missing
  and one extra layer,
- unrelated layers never are (more than two gaps), so that two swapped neighbours leave one row
  missing and one extra, which the causes recognise as an order,
- what is only shifted by an earlier difference costs next to nothing: a forgotten pool changes
  every later shape, and must not look like a dozen differences,
- a layer that joins others is kept with one that joins as many of the same kinds,
- of equally good alignments the one with the least moving about wins (`DRIFT`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from grader.architecture import canonical_order
from grader.compare.steps import COMMUTATIVE, Network, Step, fits, related, same_row
from grader.compare.wiring import Aligned, crossed_pairs

GAP = 1.0
SHIFTED = 0.02
OTHER_SIZE = 0.4
OTHER_SIZE_AND_SHAPE = 0.5
OTHER_FEEDERS = 0.1
SIBLING = 0.9
UNRELATED = 2.5
DRIFT = 0.001
CROSSED = 0.3

MAX_ROUNDS = 4
MAX_TRIES = 8

PairCost = Callable[[Step, Step], float]
# The order in which the inputs of a layer are walked, where it is not that of the layer.
Arrangement = Mapping[Step, tuple[Step, ...]]


def align(reference: Network, submitted: Network) -> tuple[Aligned, ...]:
    """The cheapest alignment of two networks; a step without a partner stands alone.

    Every step of both sides that an output needs occurs exactly once; between two partners missing
    steps stand before extra ones. Which of equally cheap alignments is taken depends on the two
    networks, not on which of them is the reference: the partners stay the same.
    """
    if _content(reference) > _content(submitted):
        found = _best(submitted, reference, _remembered(lambda one, other: _pair_cost(other, one)))
        partners = [(left, right) for right, left in found.partners]
        return tuple(_with_gaps(partners, found.other, found.one))
    found = _best(reference, submitted, _remembered(_pair_cost))
    return tuple(_with_gaps(found.partners, found.one, found.other))


def _content(network: Network) -> list[tuple[str, list[int]]]:
    place = {step: index for index, step in enumerate(network.steps)}
    return [
        (f"{step.kind} {step.row.shape} {step.row.params}", [place[f] for f in step.feeders])
        for step in network.steps
    ]


def _pair_cost(reference: Step, submitted: Step) -> float:
    if reference.kind != submitted.kind:
        cost = SIBLING if related(reference.kind, submitted.kind) else UNRELATED
    elif same_row(reference, submitted):
        cost = 0.0
    elif fits(reference, submitted):
        cost = SHIFTED
    elif reference.row.shape == submitted.row.shape or reference.row.params == submitted.row.params:
        cost = OTHER_SIZE
    else:
        cost = OTHER_SIZE_AND_SHAPE
    return cost + (OTHER_FEEDERS if _joins_others(reference, submitted) else 0.0)


def _joins_others(one: Step, other: Step) -> bool:
    """Whether one of the two joins several layers, and they are not of the kinds of the other's."""
    if len(one.feeders) < 2 and len(other.feeders) < 2:  # noqa: PLR2004 - a chain
        return False
    return sorted(f.kind for f in one.feeders) != sorted(f.kind for f in other.feeders)


def _remembered(pair_cost: PairCost) -> PairCost:
    known: dict[tuple[Step, Step], float] = {}

    def cost(one: Step, other: Step) -> float:
        if (one, other) not in known:
            known[one, other] = pair_cost(one, other)
        return known[one, other]

    return cost


@dataclass(frozen=True)
class _Found:
    """An alignment: both sides in the order in which they were walked, partners, cost."""

    one: Sequence[Step]
    other: Sequence[Step]
    partners: Sequence[tuple[Step, Step]]
    arrangement: Arrangement
    num_crossed: int
    cost: float


def _best(one: Network, other: Network, pair_cost: PairCost) -> _Found:
    """The alignment, the branches of `other` walked in the order that fits those of `one`."""
    best = _aligned(one, other, {}, pair_cost)
    for _ in range(MAX_ROUNDS):
        if best.cost == 0:
            return best
        arrangement = {**best.arrangement, **dict(_arranged(best, pair_cost))}
        found = _aligned(one, other, arrangement, pair_cost)
        if found.cost >= best.cost:
            break
        best = found
    return _uncrossed(one, other, best, pair_cost)


def _uncrossed(one: Network, other: Network, best: _Found, pair_cost: PairCost) -> _Found:
    """The alignment with like branches exchanged where only the wiring tells them apart."""
    joins = [step for step in best.other if len(step.feeders) > 1 and step.kind in COMMUTATIVE]
    for join in joins[:MAX_TRIES] if best.num_crossed else ():
        arrangement = {**best.arrangement, join: best.arrangement.get(join, join.feeders)[::-1]}
        found = _aligned(one, other, arrangement, pair_cost)
        if found.cost < best.cost:
            best = found
    return best


def _aligned(one: Network, other: Network, arrangement: Arrangement, pair_cost: PairCost) -> _Found:
    left = canonical_order((), one.outputs, lambda step: step.feeders)
    right = canonical_order((), other.outputs, lambda step: arrangement.get(step, step.feeders))
    cost, partners = cheapest(left, right, pair_cost)
    pairs = [Aligned(a, b) for a, b in partners]
    crossed = len(crossed_pairs(pairs))
    return _Found(left, right, partners, arrangement, crossed, cost + CROSSED * crossed)


def _arranged(found: _Found, pair_cost: PairCost) -> Iterator[tuple[Step, tuple[Step, ...]]]:
    """Layers of the other side that join branches, with these in the order of their likes."""
    joins = [(a, b) for a, b in found.partners if len(a.feeders) > 1 and len(b.feeders) > 1]
    if not joins:
        return
    needed_by_one, needed_by_other = _needed(found.one), _needed(found.other)
    for a, b in joins:
        left = _branches(a, found.one, needed_by_one)
        right = _branches(b, found.other, needed_by_other)
        yield b, tuple(b.feeders[index] for index in _matched(left, right, pair_cost))


def _needed(order: Sequence[Step]) -> Mapping[Step, frozenset[Step]]:
    """Each step with all that it needs, itself among them."""
    needed: dict[Step, frozenset[Step]] = {}
    for step in order:
        needed[step] = frozenset({step}).union(*(needed[feeder] for feeder in step.feeders))
    return needed


def _branches(
    join: Step, order: Sequence[Step], needed: Mapping[Step, frozenset[Step]]
) -> list[list[Step]]:
    """For each feeder of `join` the steps that no other feeder needs."""
    branches = []
    for index, feeder in enumerate(join.feeders):
        others = (*join.feeders[:index], *join.feeders[index + 1 :])
        own = needed[feeder].difference(*(needed[other] for other in others))
        branches.append([step for step in order if step in own])
    return branches


def _matched(
    left: Sequence[Sequence[Step]], right: Sequence[Sequence[Step]], pair_cost: PairCost
) -> list[int]:
    """The indices of `right` in the order of those of `left` that they are most like."""
    costs = sorted(
        (cheapest(one, other, pair_cost)[0], abs(i - j), i, j)
        for (i, one), (j, other) in product(enumerate(left), enumerate(right))
    )
    place: dict[int, int] = {}
    for _, _, i, j in costs:
        if j not in place and i not in place.values():
            place[j] = i
    return sorted(range(len(right)), key=lambda j: (place.get(j, len(left)), j))


def _with_gaps(
    partners: Sequence[tuple[Step, Step]], left: Sequence[Step], right: Sequence[Step]
) -> Iterator[Aligned]:
    """The partners with the steps that have none, missing ones first."""
    missing, extra = iter(left), iter(right)
    for one, other in partners:
        yield from (Aligned(step, None) for step in iter(missing.__next__, one))
        yield from (Aligned(None, step) for step in iter(extra.__next__, other))
        yield Aligned(one, other)
    yield from (Aligned(step, None) for step in missing)
    yield from (Aligned(None, step) for step in extra)


def cheapest(
    one: Sequence[Step], other: Sequence[Step], pair_cost: PairCost
) -> tuple[float, list[tuple[Step, Step]]]:
    """Cost and partners, in order, of the cheapest alignment of two sequences."""
    costs, paired = _cost_table(one, other, pair_cost)
    partners: list[tuple[Step, Step]] = []
    row, column = len(one), len(other)
    while row and column:
        if paired[row][column]:
            partners.append((one[row - 1], other[column - 1]))
            row, column = row - 1, column - 1
        elif _rounded(costs[row - 1][column] + GAP) == costs[row][column]:
            row -= 1
        else:
            column -= 1
    return costs[-1][-1], partners[::-1]


def _cost_table(
    one: Sequence[Step], other: Sequence[Step], pair_cost: PairCost
) -> tuple[list[list[float]], list[list[bool]]]:
    """Costs of the best alignments of all prefixes, and whether they end with a pair."""
    costs = [[GAP * column for column in range(len(other) + 1)]]
    paired = [[False] * (len(other) + 1)]
    for row, left in enumerate(one, 1):
        above, current, pairs = costs[-1], [GAP * row], [False]
        for column, right in enumerate(other, 1):
            together = _rounded(
                above[column - 1] + pair_cost(left, right) + DRIFT * abs(row - column)
            )
            alone = _rounded(min(above[column], current[column - 1]) + GAP)
            current.append(min(together, alone))
            pairs.append(together <= alone)
        costs.append(current)
        paired.append(pairs)
    return costs, paired


def _rounded(cost: float) -> float:
    """So that equal sums taken in another order are equal."""
    return round(cost, 9)
