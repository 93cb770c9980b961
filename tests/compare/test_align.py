"""Aligning two sequences of rows: nothing is lost, equal is equal, and neither side is favoured."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from grader.compare.align import UNRELATED, align

Item = tuple[str, int]
# Few kinds and sizes, so that ties and repeats are the rule.
ITEMS = st.tuples(st.sampled_from("cadp"), st.integers(0, 2))
SEQUENCES = st.lists(ITEMS, max_size=9)


def cost(left: Item, right: Item) -> float:
    """Unrelated kinds are never paired, sizes may differ."""
    return UNRELATED if left[0] != right[0] else 0.1 * abs(left[1] - right[1])


@given(SEQUENCES, SEQUENCES)
def test_no_row_is_lost(one: list[Item], other: list[Item]) -> None:
    """Every row of both sides stands in the alignment once, in its order."""
    pairs = align(one, other, cost, str)

    assert list(range(len(one))) == [left for left, _ in pairs if left is not None]
    assert list(range(len(other))) == [right for _, right in pairs if right is not None]
    assert (None, None) not in pairs


@given(SEQUENCES)
def test_equal_sequences_are_aligned_row_by_row(items: list[Item]) -> None:
    """Nothing is missing or extra between equal networks."""
    assert tuple((i, i) for i in range(len(items))) == align(items, list(items), cost, str)


@given(SEQUENCES, SEQUENCES)
def test_neither_side_is_favoured(one: list[Item], other: list[Item]) -> None:
    """The same rows are partners, whichever network is the reference."""
    there = {pair for pair in align(one, other, cost, str) if None not in pair}
    back = {(right, left) for left, right in align(other, one, cost, str)}

    assert there == {pair for pair in back if None not in pair}


@given(SEQUENCES, st.data())
def test_one_missing_row_is_one_gap(items: list[Item], data: st.DataObject) -> None:
    """Leaving out one row leaves all others aligned as they are."""
    if not items:
        return
    index = data.draw(st.integers(0, len(items) - 1))
    pairs = align(items, items[:index] + items[index + 1 :], cost, str)

    assert 1 == sum(right is None for _, right in pairs)
    assert 0 == sum(left is None for left, _ in pairs)
