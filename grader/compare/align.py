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

from collections.abc import Callable, Sequence
from typing import TypeVar

GAP = 1.0
SHIFTED = 0.02
OTHER_SIZE = 0.4
OTHER_SIZE_AND_SHAPE = 0.5
SIBLING = 0.9
UNRELATED = 2.5
DRIFT = 0.001

Left = TypeVar("Left")
Right = TypeVar("Right")

Pair = tuple[int | None, int | None]


def align(
    reference: Sequence[Left],
    submitted: Sequence[Right],
    pair_cost: Callable[[Left, Right], float],
) -> tuple[Pair, ...]:
    """The cheapest alignment, as pairs of indices; None stands where a row has no partner.

    Every index of both sequences occurs exactly once, in order. Of a missing and an extra row at
    the same place the missing one stands first.
    """
    costs = _cost_table(reference, submitted, pair_cost)
    pairs: list[Pair] = []
    row, column = len(reference), len(submitted)
    while row or column:
        cost, step = costs[row][column]
        del cost
        if step == "both":
            row, column = row - 1, column - 1
            pairs.append((row, column))
        elif step == "extra":
            column -= 1
            pairs.append((None, column))
        else:
            row -= 1
            pairs.append((row, None))
    return tuple(reversed(pairs))


def _cost_table(
    reference: Sequence[Left],
    submitted: Sequence[Right],
    pair_cost: Callable[[Left, Right], float],
) -> list[list[tuple[float, str]]]:
    """Cost of the best alignment of each pair of prefixes, and the last step that it takes."""
    table = [[(column * GAP, "extra") for column in range(len(submitted) + 1)]]
    for row, left in enumerate(reference, 1):
        above = table[-1]
        current = [(row * GAP, "missing")]
        for column, right in enumerate(submitted, 1):
            drift = DRIFT * abs(row - column)
            both = above[column - 1][0] + pair_cost(left, right) + drift
            missing = above[column][0] + GAP
            extra = current[column - 1][0] + GAP
            # Read backwards, "extra" first puts the missing row in front of the extra one.
            current.append(min((both, "both"), (extra, "extra"), (missing, "missing"), key=_cost))
        table.append(current)
    return table


def _cost(step: tuple[float, str]) -> float:
    return step[0]
