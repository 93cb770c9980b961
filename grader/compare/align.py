"""Compare, first half: rows of two networks are aligned as sequences.

The alignment is the cheapest one (Needleman and Wunsch, J. Mol. Biol. 48, 1970): a row that stands
alone costs `GAP`; two rows side by side cost what `pair_cost` says. The numbers are chosen so that
- the same layer at another size is always kept together (far below two gaps),
- siblings (max and average pooling) are kept together, as one wrong type instead of one missing
  and one extra layer,
- unrelated layers never are (more than two gaps), so that two swapped neighbours leave one row
  missing and one extra, which the causes recognise as an order,
- what is only shifted by an earlier difference costs next to nothing: a forgotten pool changes
  every later shape, and must not look like a dozen differences,
- of equally good alignments the one with the least moving about wins (`DRIFT`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from typing import NamedTuple, TypeVar

GAP = 1.0
SHIFTED = 0.02
OTHER_SIZE = 0.4
OTHER_SIZE_AND_SHAPE = 0.5
SIBLING = 0.9
UNRELATED = 2.5
DRIFT = 0.001

Item = TypeVar("Item")

Pair = tuple[int | None, int | None]


def align(
    reference: Sequence[Item],
    submitted: Sequence[Item],
    pair_cost: Callable[[Item, Item], float],
    content: Callable[[Item], str],
) -> tuple[Pair, ...]:
    """The cheapest alignment, as pairs of indices; None stands where a row has no partner.

    Every index of both sequences occurs exactly once, in order; between two partners missing rows
    stand before extra ones. Which of equally cheap alignments is taken depends on the `content` of
    the two sequences, not on which of them is the reference: the partners stay the same.
    """
    if [content(item) for item in reference] > [content(item) for item in submitted]:
        swapped = _cheapest(submitted, reference, lambda one, other: pair_cost(other, one))
        partners = [(left, right) for right, left in swapped]
    else:
        partners = _cheapest(reference, submitted, pair_cost)
    return tuple(_with_gaps(partners, len(reference), len(submitted)))


def _with_gaps(
    partners: Sequence[tuple[int, int]], num_left: int, num_right: int
) -> Iterator[Pair]:
    """The partners with the rows that have none, missing ones first."""
    left = right = 0
    for next_left, next_right in [*partners, (num_left, num_right)]:
        yield from ((index, None) for index in range(left, next_left))
        yield from ((None, index) for index in range(right, next_right))
        if next_left < num_left:
            yield next_left, next_right
        left, right = next_left + 1, next_right + 1


def _cheapest(
    one: Sequence[Item], other: Sequence[Item], pair_cost: Callable[[Item, Item], float]
) -> list[tuple[int, int]]:
    """The partners of the cheapest alignment, in order."""
    table = _cost_table(one, other, pair_cost)
    partners: list[tuple[int, int]] = []
    row, column = len(one), len(other)
    while row and column:
        step = table[row][column].step
        if step is _Step.PAIR:
            partners.append((row - 1, column - 1))
        row -= step is not _Step.RIGHT_ALONE
        column -= step is not _Step.LEFT_ALONE
    return partners[::-1]


class _Step(Enum):
    """The last step of an alignment of two prefixes."""

    PAIR = 0
    LEFT_ALONE = 1
    RIGHT_ALONE = 2


class _Best(NamedTuple):
    """Cost of the best alignment of two prefixes, and the last step that it takes."""

    cost: float
    step: _Step


def _cost_table(
    one: Sequence[Item], other: Sequence[Item], pair_cost: Callable[[Item, Item], float]
) -> list[list[_Best]]:
    table = [[_Best(GAP * column, _Step.RIGHT_ALONE) for column in range(len(other) + 1)]]
    for row, left in enumerate(one, 1):
        above = table[-1]
        current = [_Best(GAP * row, _Step.LEFT_ALONE)]
        for column, right in enumerate(other, 1):
            together = pair_cost(left, right) + DRIFT * abs(row - column)
            steps = (
                _Best(above[column - 1].cost + together, _Step.PAIR),
                _Best(above[column].cost + GAP, _Step.LEFT_ALONE),
                _Best(current[column - 1].cost + GAP, _Step.RIGHT_ALONE),
            )
            current.append(min(steps, key=_cost))
        table.append(current)
    return table


def _cost(best: _Best) -> float:
    """Rounded, so that equal sums taken in another order are equal."""
    return round(best.cost, 9)
