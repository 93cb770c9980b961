"""Gradebook: how many submissions have one and the same training result; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from grader.records import Grade, PartGrade


def with_sharing(grades: Sequence[Grade]) -> tuple[Grade, ...]:
    """The grades with `shared_with` counting the other submissions with the same training."""
    users = Counter(
        key
        for grade in grades
        for key in {part.training.key for part in grade.parts if part.training}
    )

    def shared(part: PartGrade) -> PartGrade:
        return replace(part, shared_with=users[part.training.key] - 1) if part.training else part

    return tuple(replace(grade, parts=tuple(map(shared, grade.parts))) for grade in grades)
