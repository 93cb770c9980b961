"""Aligning two networks: nothing is lost, equal is equal, and neither side is favoured."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from grader.compare.align import align
from grader.compare.steps import INPUT, Network, Step
from grader.compare.wiring import Aligned, crossed_pairs
from grader.records import Row

# Few kinds and sizes, so that ties and repeats are the rule.
ROWS = st.tuples(st.sampled_from(["Conv2D", "Activation", "Dropout"]), st.integers(1, 3))
SEQUENCES = st.lists(ROWS, max_size=9)
JOINS = ("Add", "Concatenate")


def chain(rows: list[tuple[str, int]]) -> Network:
    """A network of these rows, one after the other."""
    steps = [Step(Row(INPUT, (None, 4), 0), INPUT)]
    for kind, size in rows:
        steps.append(Step(Row(kind, (None, size), size), kind, feeders=(steps[-1],)))
    return Network(tuple(steps), (steps[-1],))


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """A network of one or two inputs in which layers are joined at random."""
    steps = [Step(Row(INPUT, (None, 4), 0), INPUT) for _ in range(draw(st.integers(1, 2)))]
    for _ in range(draw(st.integers(0, 9))):
        kind, size = draw(ROWS)
        feeders = tuple(draw(st.lists(st.sampled_from(steps), min_size=1, max_size=3)))
        kind = draw(st.sampled_from(JOINS)) if len(feeders) > 1 else kind
        steps.append(Step(Row(kind, (None, size), size), kind, feeders=feeders))
    fed = {feeder for step in steps for feeder in step.feeders}
    return Network(tuple(steps), tuple(step for step in steps if step not in fed))


def partners(pairs: tuple[Aligned, ...]) -> set[tuple[Step, Step]]:
    """The steps that have a partner."""
    return {(p.reference, p.submitted) for p in pairs if p.reference and p.submitted}


def copy_of(network: Network) -> tuple[Network, dict[Step, Step]]:
    """An equal network, and its steps by those of the first."""
    copies: dict[Step, Step] = {}
    for step in network.steps:
        feeders = tuple(copies[feeder] for feeder in step.feeders)
        copies[step] = Step(step.row, step.kind, feeders=feeders)
    return Network(tuple(copies.values()), tuple(copies[s] for s in network.outputs)), copies


@given(st.one_of(networks(), SEQUENCES.map(chain)), st.one_of(networks(), SEQUENCES.map(chain)))
def test_no_row_is_lost(one: Network, other: Network) -> None:
    """Every row of both sides stands in the alignment once."""
    pairs = align(one, other)
    left = [pair.reference for pair in pairs if pair.reference]
    right = [pair.submitted for pair in pairs if pair.submitted]

    assert (set(one.steps), len(one.steps)) == (set(left), len(left))
    assert (set(other.steps), len(other.steps)) == (set(right), len(right))
    assert all(pair.reference or pair.submitted for pair in pairs)


@given(SEQUENCES, SEQUENCES)
def test_rows_of_a_chain_stay_in_order(
    one: list[tuple[str, int]], other: list[tuple[str, int]]
) -> None:
    """Where nothing branches the rows of both sides stand as they were."""
    left, right = chain(one), chain(other)
    pairs = align(left, right)

    assert list(left.steps) == [pair.reference for pair in pairs if pair.reference]
    assert list(right.steps) == [pair.submitted for pair in pairs if pair.submitted]


@given(networks())
def test_equal_networks_are_aligned_row_by_row(network: Network) -> None:
    """Nothing is missing, extra or connected otherwise between equal networks."""
    copied, copies = copy_of(network)
    pairs = align(network, copied)

    assert partners(pairs) == set(copies.items())
    assert crossed_pairs(pairs) == []


@given(networks(), networks())
def test_neither_side_is_favoured(one: Network, other: Network) -> None:
    """The same rows are partners, whichever network is the reference."""
    there = partners(align(one, other))
    back = partners(align(other, one))

    assert there == {(left, right) for right, left in back}


@given(SEQUENCES, st.data())
def test_one_missing_row_is_one_gap(rows: list[tuple[str, int]], data: st.DataObject) -> None:
    """Leaving out one row leaves all others aligned as they are."""
    if not rows:
        return
    index = data.draw(st.integers(0, len(rows) - 1))
    pairs = align(chain(rows), chain(rows[:index] + rows[index + 1 :]))

    assert 1 == sum(pair.submitted is None for pair in pairs)
    assert 0 == sum(pair.reference is None for pair in pairs)


@given(networks())
def test_inputs_of_a_sum_have_no_order(network: Network) -> None:
    """Branches that are added in another order are the same network."""
    copies: dict[Step, Step] = {}
    for step in network.steps:
        feeders = [copies[feeder] for feeder in step.feeders]
        if step.kind == "Add":
            feeders.reverse()
        copies[step] = Step(step.row, step.kind, feeders=tuple(feeders))
    added = Network(tuple(copies.values()), tuple(copies[s] for s in network.outputs))
    pairs = align(network, added)

    assert len(network.steps) == len(partners(pairs))
    assert crossed_pairs(pairs) == []
