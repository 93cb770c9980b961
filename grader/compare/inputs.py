"""Compare: the shapes that go in, and what goes with a wrong one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from grader.compare.steps import INPUT, Network, Step
from grader.compare.wiring import Aligned
from grader.records import Finding, Rule, Shape, Value


def expected_inputs(reference: Network) -> tuple[Shape, ...]:
    """The shapes of the table's inputs, without the batch axis."""
    return tuple((step.row.shape or ())[1:] for step in reference.steps if step.kind == INPUT)


def input_finding(expected: Sequence[Shape], found: Sequence[Shape]) -> Finding | None:
    """What is wrong with the inputs (shapes without the batch axis), or None."""
    missing, extra = Counter(expected) - Counter(found), Counter(found) - Counter(expected)
    if not missing and not extra:
        return None
    first = next(iter([*missing, *expected]))
    values: dict[str, Value] = {"found": next(iter([*extra, *found]), ()), "expected": first}
    if len(found) != len(expected):
        numbers: dict[str, Value] = {"count": len(found), "expected_count": len(expected)}
        return Finding(Rule.INPUT_SHAPE, None, "count", values | numbers)
    return Finding(Rule.INPUT_SHAPE, None, "", values)


def input_repair(pairs: Sequence[Aligned]) -> Iterator[int]:
    """Indices of what goes with a wrong input, and is part of that one slip.

    That is a Flatten or Reshape in front, and what leads an input too many, or one that is missing,
    to the layer that joins it with the others.
    """
    lonely: set[Step] = set()
    in_front = True
    for index, pair in enumerate(pairs):
        step = pair.reference or pair.submitted
        if step is None or step.kind == INPUT:
            lonely |= {step} if step and pair.alone else set()
            continue
        if pair.alone and lonely.intersection(step.feeders):
            lonely |= {step} if len(step.feeders) == 1 else set()
            yield index
        elif in_front and pair.reference is None and step.kind in {"Flatten", "Reshape"}:
            yield index
        in_front = False
