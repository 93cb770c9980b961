"""Authoring, step 3b: which layers are not trained, where the totals say that some are not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

from grader.records import Totals


def frozen_layers(
    counts: Sequence[tuple[str, int, int]], totals: Totals, told: Sequence[int]
) -> tuple[int, ...] | None:
    """Indices of the layers that are frozen by these totals; None where no usual choice fits.

    `counts` are class, parameters, and how many of those no layer ever trains. `told` are indices
    of layers that the summary itself says are frozen.
    """
    if totals.trainable is None or totals.total is None:
        return ()
    due = totals.total - totals.trainable - sum(fixed for _, _, fixed in counts)
    gained = [params - fixed for _, params, fixed in counts]
    for chosen in _choices(counts, gained, due, told):
        if sum(gained[index] for index in chosen) == due:
            return tuple(index for index in chosen if gained[index])
    return None


def _choices(
    counts: Sequence[tuple[str, int, int]], gained: Sequence[int], due: int, told: Sequence[int]
) -> Iterator[Sequence[int]]:
    """What people freeze, the usual first.

    What was printed; nothing; the first layers, as of a network that was trained before; those of a
    class, such as an Embedding; layers in a row, as of the last network in a chain.
    """
    yield told
    every = range(len(counts))
    yield from (every[:end] for end in range(len(counts) + 1))
    for kind in dict.fromkeys(kind for kind, _, _ in counts):
        yield [index for index in every if counts[index][0] == kind]
    ends: dict[int, int] = {}
    for end, so_far in enumerate(accumulate(gained, initial=0)):
        if so_far - due in ends:
            yield every[ends[so_far - due] : end]
        ends[so_far] = end
