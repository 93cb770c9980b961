"""Telling: what one student's networks reached, part beside part and on a line."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from grader import messages
from grader.records import Grade, Part, Splits

WIDTH, HEIGHT = 220, 24
_MARGIN = 6


@dataclass(frozen=True)
class Dot:
    """A share on a line from 0 to 1; `kind` is its class in the style sheet."""

    kind: str
    x: float


@dataclass(frozen=True)
class Step:
    """A trained network beside the one before it; what is not known is None.

    `gap` is the accuracy on the training images less that on the test images, `gain` the test
    accuracy less that of the step before.
    """

    part: str
    title: str
    accuracy: Splits
    gap: float | None
    gain: float | None
    threshold: float | None
    params: int | None
    seconds: float

    @property
    def dots(self) -> tuple[Dot, ...]:
        """The accuracies that are known, in the order of drawing: the test images come last."""
        named = (("train", self.accuracy.train), ("valid", self.accuracy.valid))
        return tuple(
            Dot(kind, x_of(value))
            for kind, value in (*named, ("test", self.accuracy.test))
            if value is not None
        )


def steps(grade: Grade, parts: Mapping[str, Part]) -> tuple[Step, ...]:
    """The parts that have a test accuracy, in order; empty where there are no two to compare.

    Those with a data set of their own are left out: what they reached says nothing beside others.
    """
    found: list[Step] = []
    before: float | None = None
    for part_grade in grade.parts:
        training = part_grade.training
        if training is None or training.data or not _is_number(training.accuracy.test):
            continue
        accuracy, test = training.accuracy, training.accuracy.test
        found.append(
            Step(
                part=part_grade.part,
                title=messages.part_title(part_grade.part, parts),
                accuracy=accuracy,
                gap=_difference(accuracy.train, test),
                gain=_difference(test, before),
                threshold=part_grade.threshold,
                params=part_grade.submitted_totals.total,
                seconds=training.seconds,
            )
        )
        before = test
    return tuple(found) if len(found) > 1 else ()


def x_of(value: float) -> float:
    """Where an accuracy from 0 to 1 stands on the line."""
    return round(_MARGIN + (WIDTH - 2 * _MARGIN) * value, 1)


def _difference(more: float | None, less: float | None) -> float | None:
    return None if more is None or less is None else more - less


def _is_number(value: float | None) -> bool:
    return value is not None and math.isfinite(value)
