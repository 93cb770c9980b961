"""Telling: the sentences about hand-ins that came after their due date."""

from __future__ import annotations

from datetime import timedelta

from grader.messages.words import count, duration
from grader.records import Amount, Due, LateRule, Unit


def late_reason(due: Due, rule: LateRule, late_by: timedelta, num_days: int) -> str:
    """How late it was handed in, and by which rule that takes points.

    `num_days` are those that count, begun ones as whole.
    """
    grace = f" after {duration(60 * rule.grace_minutes)} of grace" if rule.grace_minutes else ""
    return (
        f"Handed in {duration(late_by.total_seconds())} after {due.at:%Y-%m-%d %H:%M} "
        f"({due.at:%Z}). {_amount(rule.per_day)} for each day begun{grace}, at most "
        f"{_amount(rule.cap)}: {count(num_days, 'day')}."
    )


def _amount(amount: Amount) -> str:
    if amount.unit is Unit.PERCENT:
        return f"{amount.number:g}% of the points"
    return f"{amount.number:g} {'point' if amount.number == 1 else 'points'}"
