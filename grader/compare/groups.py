"""Compare: missing or extra layers that are one slip: a block of layers, or a whole branch."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby, pairwise

from grader.architecture import takes_activation
from grader.compare.steps import Step
from grader.compare.wiring import Aligned

# From so many layers in a row on, it is one long gap.
MANY = 3


def find_groups(pairs: Sequence[Aligned], explained: Collection[int]) -> list[tuple[int, ...]]:
    """Indices of the pairs that stand alone, those together that are one slip.

    Layers that only feed a join which is alone itself go with it; a layer goes with its activation
    (and the normalization between), and what would be many groups in a row is one.
    """
    branches = list(_branches(pairs, explained))
    grouped = {*explained, *(index for branch in branches for index in branch)}
    open_indices = [i for i, pair in enumerate(pairs) if pair.alone and i not in grouped]
    groups = list(branches)
    for run in _runs(open_indices, pairs):
        blocks = list(_blocks(run, pairs))
        groups += blocks if len(blocks) < MANY else [tuple(run)]
    return sorted(groups)


def _step(pair: Aligned) -> Step | None:
    """The one step of a pair that stands alone."""
    return pair.reference or pair.submitted


def _branches(pairs: Sequence[Aligned], explained: Collection[int]) -> Iterator[tuple[int, ...]]:
    """Joins without a partner, each with the steps without one that feed nothing else."""
    place = {}
    for index, pair in enumerate(pairs):
        step = _step(pair)
        if pair.alone and step is not None and index not in explained:
            place[step] = index
    consumers: dict[Step, set[Step]] = {}
    for step in (s for pair in pairs for s in (pair.reference, pair.submitted) if s is not None):
        for feeder in step.feeders:
            consumers.setdefault(feeder, set()).add(step)
    taken: set[Step] = set()
    for join in reversed(place):
        if len(join.feeders) > 1 and join not in taken:
            branch = _only_for(join, place, consumers)
            taken |= branch
            yield tuple(sorted(place[step] for step in branch))


def _only_for(join: Step, place: Collection[Step], consumers: dict[Step, set[Step]]) -> set[Step]:
    branch = {join}
    waiting = list(join.feeders)
    while waiting:
        step = waiting.pop()
        if step in place and step not in branch and consumers[step] <= branch:
            branch.add(step)
            waiting.extend(step.feeders)
    return branch


def _runs(indices: Sequence[int], pairs: Sequence[Aligned]) -> Iterator[list[int]]:
    """Neighbours that stand alone on the same side."""

    def stretch(item: tuple[int, int]) -> tuple[int, bool]:
        number, index = item
        return index - number, pairs[index].reference is None

    for _, group in groupby(enumerate(indices), key=stretch):
        yield [index for _, index in group]


def _blocks(run: Sequence[int], pairs: Sequence[Aligned]) -> Iterator[tuple[int, ...]]:
    """The run, cut into single layers and layers with their activation."""
    at = 0
    while at < len(run):
        length = _block_length([_step(pairs[index]) for index in run[at:]])
        yield tuple(run[at : at + length])
        at += length


def _block_length(steps: Sequence[Step | None]) -> int:
    """How many of the steps are a layer with its activation; 1 where it has none among them."""
    first = steps[0]
    if first is None or not takes_activation(first.row.layer):
        return 1
    for length, (before, step) in enumerate(pairwise(steps), 2):
        if before is None or step is None or before not in step.feeders:
            return 1
        if step.kind == "Activation":
            return length
        if step.kind != "BatchNormalization":
            return 1
    return 1
