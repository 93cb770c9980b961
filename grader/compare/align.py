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
from grader.compare.likeness import sorted_inputs
from grader.compare.steps import Network, Step, fits, related, same_row
from grader.compare.wiring import Aligned, crossed_pairs

# In thousandths of a row that stands alone; whole numbers, so that equal sums are equal.
GAP = 1000
SHIFTED = 20
OTHER_SIZE = 400
OTHER_SIZE_AND_SHAPE = 500
OTHER_FEEDERS = 100
SIBLING = 900
UNRELATED = 2500
DRIFT = 1
CROSSED = 300

MAX_ROUNDS = 4

PairCost = Callable[[Step, Step], int]
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


def _pair_cost(reference: Step, submitted: Step) -> int:
    if reference.kind != submitted.kind:
        cost = SIBLING if related(reference.kind, submitted.kind) else UNRELATED
    elif same_row(reference, submitted):
        cost = 0
    elif fits(reference, submitted):
        cost = SHIFTED
    elif reference.row.shape == submitted.row.shape or reference.row.params == submitted.row.params:
        cost = OTHER_SIZE
    else:
        cost = OTHER_SIZE_AND_SHAPE
    return cost + (OTHER_FEEDERS if _joins_others(reference, submitted) else 0)


def _joins_others(one: Step, other: Step) -> bool:
    """Whether one of the two joins several layers, and they are not of the kinds of the other's."""
    if len(one.feeders) < 2 and len(other.feeders) < 2:  # noqa: PLR2004 - a chain
        return False
    return sorted(f.kind for f in one.feeders) != sorted(f.kind for f in other.feeders)


def _remembered(pair_cost: PairCost) -> PairCost:
    known: dict[tuple[Step, Step], int] = {}

    def cost(one: Step, other: Step) -> int:
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
    cost: int


def _best(one: Network, other: Network, pair_cost: PairCost) -> _Found:
    """The alignment, the branches of `other` walked in the order that fits those of `one`."""
    best = _aligned(one, other, sorted_inputs(one, other), pair_cost)
    for _ in range(MAX_ROUNDS):
        changed = dict(_arranged(best, pair_cost)) if best.cost else {}
        if not changed:
            break
        found = _aligned(one, other, {**best.arrangement, **changed}, pair_cost)
        if found.cost >= best.cost:
            break
        best = found
    return best


def _aligned(one: Network, other: Network, arrangement: Arrangement, pair_cost: PairCost) -> _Found:
    def inputs_of(step: Step) -> tuple[Step, ...]:
        return arrangement.get(step, step.feeders)

    left = canonical_order((), one.outputs, inputs_of)
    right = canonical_order((), other.outputs, inputs_of)
    cost, partners = cheapest(left, right, pair_cost)
    crossed = crossed_pairs([Aligned(a, b) for a, b in partners])
    return _Found(left, right, partners, arrangement, cost + CROSSED * len(crossed))


def _arranged(found: _Found, pair_cost: PairCost) -> Iterator[tuple[Step, tuple[Step, ...]]]:
    """Joins of the other side whose branches are best walked in a new order, with that order."""
    joins = [(a, b) for a, b in found.partners if len(a.feeders) > 1 and len(b.feeders) > 1]
    if not joins:
        return
    needed_by_one, needed_by_other = _needed(found.one), _needed(found.other)
    for a, b in joins:
        left = _branches(a, found.one, needed_by_one)
        right = _branches(b, found.other, needed_by_other)
        order = tuple(b.feeders[index] for index in _matched(left, right, pair_cost))
        if order != found.arrangement.get(b, b.feeders):
            yield b, order


def _needed(order: Sequence[Step]) -> Mapping[Step, int]:
    """For each step those that it needs, itself among them, as the bits of their places."""
    needed: dict[Step, int] = {}
    for place, step in enumerate(order):
        needed[step] = 1 << place
        for feeder in step.feeders:
            needed[step] |= needed[feeder]
    return needed


def _branches(join: Step, order: Sequence[Step], needed: Mapping[Step, int]) -> list[list[Step]]:
    """For each feeder of `join` the steps that no other feeder needs."""
    branches = []
    for index, feeder in enumerate(join.feeders):
        own = needed[feeder]
        for other in (*join.feeders[:index], *join.feeders[index + 1 :]):
            own &= ~needed[other]
        branches.append([step for place, step in enumerate(order) if own >> place & 1])
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
) -> tuple[int, list[tuple[Step, Step]]]:
    """Cost and partners, in order, of the cheapest alignment of two sequences."""
    costs, paired = _cost_table(one, other, pair_cost)
    partners: list[tuple[Step, Step]] = []
    row, column = len(one), len(other)
    while row and column:
        if paired[row][column]:
            partners.append((one[row - 1], other[column - 1]))
            row, column = row - 1, column - 1
        elif costs[row - 1][column] + GAP == costs[row][column]:
            row -= 1
        else:
            column -= 1
    return costs[-1][-1], partners[::-1]


def _cost_table(
    one: Sequence[Step], other: Sequence[Step], pair_cost: PairCost
) -> tuple[list[list[int]], list[list[bool]]]:
    """Costs of the best alignments of all prefixes, and whether they end with a pair."""
    costs = [[GAP * column for column in range(len(other) + 1)]]
    paired = [[False] * (len(other) + 1)]
    for row, left in enumerate(one, 1):
        above, current, pairs = costs[-1], [GAP * row], [False]
        for column, right in enumerate(other, 1):
            together = above[column - 1] + pair_cost(left, right) + DRIFT * abs(row - column)
            alone = min(above[column], current[column - 1]) + GAP
            current.append(min(together, alone))
            pairs.append(together <= alone)
        costs.append(current)
        paired.append(pairs)
    return costs, paired
