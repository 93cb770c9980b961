"""Compare: steps that are alike in all that they are connected to, however that was written.

Each step gets a colour, refined until nothing new is told apart: by its row, the colours of what
feeds it and of what it feeds (Weisfeiler and Leman, 1968). Equal networks have equal colours. Where
several steps of a network share one, any of them may be taken for any of the other network's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping

from grader.compare.steps import COMMUTATIVE, Network, Step


def sorted_inputs(one: Network, other: Network) -> Mapping[Step, tuple[Step, ...]]:
    """For both networks the joins whose inputs have no order, with these in an order by likeness.

    It is empty where the two networks are not equal, or nothing is joined.
    """
    joins = [s for network in (one, other) for s in network.steps if _is_unordered(s)]
    if not joins or sorted(map(_row, one.steps)) != sorted(map(_row, other.steps)):
        return {}
    steps = [*one.steps, *other.steps]
    colours = _refined(_numbered({step: _row(step) for step in steps}))
    while True:
        numbers = Counter(colours[step] for step in one.steps)
        if numbers != Counter(colours[step] for step in other.steps):
            return {}
        shared = [colour for colour, number in numbers.items() if number > 1]
        if not shared:
            return {join: tuple(sorted(join.feeders, key=colours.__getitem__)) for join in joins}
        chosen = [
            next(step for step in network.steps if colours[step] == shared[0])
            for network in (one, other)
        ]
        colours = _refined({**colours, **dict.fromkeys(chosen, len(steps))})


def _row(step: Step) -> str:
    return f"{step.kind} {step.row.shape} {step.row.params}"


def _is_unordered(step: Step) -> bool:
    return len(step.feeders) > 1 and step.kind in COMMUTATIVE


def _refined(colours: Mapping[Step, int]) -> Mapping[Step, int]:
    """The colours, told apart further until that gives no more of them."""
    fed: dict[Step, list[tuple[Step, int]]] = {step: [] for step in colours}
    for step in colours:
        for place, feeder in enumerate(step.feeders):
            fed[feeder].append((step, 0 if _is_unordered(step) else place))
    while True:
        seen: dict[Step, Hashable] = {}
        for step in colours:
            inputs = [colours[feeder] for feeder in step.feeders]
            consumers = sorted((colours[consumer], place) for consumer, place in fed[step])
            ordered = sorted(inputs) if _is_unordered(step) else inputs
            seen[step] = (colours[step], tuple(ordered), tuple(consumers))
        refined = _numbered(seen)
        if len(set(refined.values())) == len(set(colours.values())):
            return refined
        colours = refined


def _numbered(seen: Mapping[Step, Hashable]) -> dict[Step, int]:
    """A number for each of the different values."""
    numbers: dict[Hashable, int] = {}
    return {step: numbers.setdefault(value, len(numbers)) for step, value in seen.items()}
