"""Telling: whom of a class an instructor may want to talk to, each student in one list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from grader.records import Grade, Outcome, PartGrade
from grader.report.views import Status, status


class Need(StrEnum):
    """Why somebody may be glad of help, the most pressing first."""

    NOTHING_PASSED = "nothing_passed"
    NO_HINT = "no_hint"
    STOPPED = "stopped"
    NOT_STARTED = "not_started"


@dataclass(frozen=True)
class NeedOverview:
    """A reason, and who has it."""

    need: Need
    who: tuple[Grade, ...]


def needs_of(grades: Sequence[Grade]) -> tuple[NeedOverview, ...]:
    """The reasons that anyone has; nobody stands in two lists, and most stand in none."""
    found = [(need, grade) for grade in grades if (need := _need(grade)) is not None]
    views = (NeedOverview(need, tuple(g for n, g in found if n is need)) for need in Need)
    return tuple(view for view in views if view.who)


def _need(grade: Grade) -> Need | None:
    open_parts = list(_open(grade))
    num_passed = sum(part.outcome is Outcome.PASSED for part in grade.parts)
    if open_parts and not num_passed:
        return Need.NOTHING_PASSED
    if any(not part.hints for part in open_parts):
        return Need.NO_HINT
    idle = [part for part in grade.parts if part.outcome is Outcome.NOT_ATTEMPTED]
    if idle and len(idle) == len(grade.parts):
        return Need.NOT_STARTED
    return Need.STOPPED if idle and not open_parts else None


def _open(grade: Grade) -> Iterator[PartGrade]:
    return (part for part in grade.parts if status(part.outcome) is Status.OPEN)
