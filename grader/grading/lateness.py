"""Grade, after the points: what is taken from the parts of a sheet that came late; pure."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from grader import messages
from grader.records import Due, Grade, LateRule, Outcome, PartGrade

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Lateness:
    """That a sheet was handed in late, and how many points that takes, above 0.

    `points` is None, and there is no reason, where nobody knows when it was handed in.
    """

    sheet: str
    points: float | None
    reason: str = ""


def lateness(grade: Grade, rule: LateRule) -> tuple[Lateness, ...]:
    """What the rule takes from this grade, in the order of its due dates.

    Percent are of all points of the sheet, marks of answers included. Never more is taken than was
    reached in the sheet; where that is nothing, there is nothing to say.
    """
    return tuple(found for due in rule.dues for found in _of_sheet(grade, due, rule))


def _of_sheet(grade: Grade, due: Due, rule: LateRule) -> Iterator[Lateness]:
    parts = [part for part in grade.parts if part.part in due.parts]
    max_score, reached = sum(p.max_score for p in parts), sum(p.score for p in parts)
    times = [_time(part) for part in parts if part.outcome is not Outcome.NOT_ATTEMPTED]
    if not times or reached <= 0:
        return
    known = [time for time in times if time is not None]
    if len(known) < len(times):
        yield Lateness(due.sheet, None)
        return
    late_by = max(known) - due.at
    num_days = math.ceil((late_by - timedelta(minutes=rule.grace_minutes)) / _DAY)
    if num_days <= 0:
        return
    taken = min(num_days * rule.per_day.of(max_score), rule.cap.of(max_score), reached)
    if points := round(taken, 2):
        yield Lateness(due.sheet, points, messages.late_reason(due, rule, late_by, num_days))


def _time(part: PartGrade) -> datetime | None:
    """When the part was handed in; None where no platform said so, or without a time zone."""
    try:
        time = datetime.fromisoformat(part.submitted_at or "")
    except ValueError:
        return None
    return time if time.tzinfo is not None else None
