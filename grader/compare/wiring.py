"""Compare: pairs of aligned steps, and whether partners are fed by partners."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from grader.compare.steps import COMMUTATIVE, INPUT, Step


@dataclass(frozen=True)
class Aligned:
    """A step of the reference beside the submission's step that takes its place."""

    reference: Step | None
    submitted: Step | None

    @property
    def alone(self) -> bool:
        """Whether one of the two is not there."""
        return self.reference is None or self.submitted is None


@dataclass(frozen=True)
class _Fed:
    """The nearest steps with a partner that feed a step, as those of the reference, in order.

    `joined` says whether a layer without a partner joins some of them on the way.
    """

    by: tuple[Step, ...]
    joined: bool


def crossed_pairs(pairs: Sequence[Aligned]) -> list[int]:
    """Indices of the partners that are not fed by partners: their networks are wired otherwise.

    Steps without a partner are passed over, since they are differences of their own. The order in
    which inputs are joined counts where the layer does not take them in any order.
    """
    if all(len(s.feeders) < 2 for pair in pairs for s in _sides(pair)):  # noqa: PLR2004 - chains
        return []
    partners = _partners(pairs)
    return [
        index
        for index, pair in enumerate(pairs)
        if pair.reference is not None
        and pair.submitted is not None
        and not _agree(pair.reference, pair.submitted, partners)
    ]


def is_other_order(pairs: Sequence[Aligned], index: int) -> bool:
    """Whether the partners at `index` join the same steps, and only in another order."""
    reference, submitted = pairs[index].reference, pairs[index].submitted
    if reference is None or submitted is None:
        return False
    expected, found = _both_fed(reference, submitted, _partners(pairs))
    return sorted(map(id, expected.by)) == sorted(map(id, found.by))


def _partners(pairs: Iterable[Aligned]) -> Mapping[Step, Step]:
    """Each step with a partner, of both sides: the reference's of the two."""
    partners: dict[Step, Step] = {}
    for pair in pairs:
        if pair.reference is not None and pair.submitted is not None:
            partners[pair.submitted] = partners[pair.reference] = pair.reference
    return partners


def _sides(pair: Aligned) -> Sequence[Step]:
    return [step for step in (pair.reference, pair.submitted) if step is not None]


def _agree(reference: Step, submitted: Step, partners: Mapping[Step, Step]) -> bool:
    expected, found = _both_fed(reference, submitted, partners)
    if expected.joined or found.joined:
        return not expected.by or not found.by or bool(set(expected.by) & set(found.by))
    if {reference.kind, submitted.kind} & COMMUTATIVE:
        return sorted(map(id, expected.by)) == sorted(map(id, found.by))
    return expected.by == found.by


def _both_fed(reference: Step, submitted: Step, partners: Mapping[Step, Step]) -> tuple[_Fed, _Fed]:
    return _fed(reference, partners), _fed(submitted, partners)


def _fed(step: Step, partners: Mapping[Step, Step]) -> _Fed:
    """What feeds `step`, as the reference's steps, looking through steps without a partner."""
    by: list[Step] = []
    passed: set[Step] = set()
    joined = False
    waiting = list(reversed(step.feeders))
    while waiting:
        feeder = waiting.pop()
        if feeder in partners:
            by.append(partners[feeder])
        elif feeder not in passed:
            passed.add(feeder)
            # An input without a partner is a difference of its own, as is a layer that joins.
            joined = joined or len(feeder.feeders) > 1 or feeder.kind == INPUT
            waiting.extend(reversed(feeder.feeders))
    return _Fed(tuple(by), joined)
