"""Words: until when sheets are to be handed in, and what is taken from those that come later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo


class Unit(StrEnum):
    """What an amount is counted in: points, or hundredths of the points of a sheet."""

    POINTS = "points"
    PERCENT = "percent"


@dataclass(frozen=True)
class Amount:
    """So many points, or percent of those of a sheet."""

    number: float
    unit: Unit

    def of(self, max_score: float) -> float:
        """The points that this comes to where so many can be reached."""
        return self.number * max_score / 100 if self.unit is Unit.PERCENT else self.number


@dataclass(frozen=True)
class Due:
    """The moment, with its time zone, until which the parts of a sheet are to be handed in."""

    sheet: str
    parts: tuple[str, ...]
    at: datetime


@dataclass(frozen=True)
class LateRule:
    """What is taken for each day begun, counted from the end of the grace, and at most.

    `time_zone` is that of times without one, which Moodle's worksheet has.
    """

    dues: tuple[Due, ...]
    per_day: Amount
    cap: Amount
    grace_minutes: int
    time_zone: ZoneInfo | None = None
