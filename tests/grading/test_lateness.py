"""What a late hand-in loses: by the day, up to a cap, and never by a guess."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from grader.grading.lateness import lateness
from grader.records import Amount, Due, Grade, LateRule, Outcome, PartGrade, Student, Unit

DUE = Due("faces_fc", ("fc_a", "fc_b"), datetime.fromisoformat("2026-03-01T23:59:00+01:00"))
RULE = LateRule((DUE,), Amount(10, Unit.PERCENT), Amount(50, Unit.PERCENT), grace_minutes=15)


def grade(submitted_at: str | None, score: float = 3.0) -> Grade:
    """A grade of `score` of 4 points in fc_a; fc_b, of 4 points as well, was not handed in."""
    parts = (
        PartGrade("fc_a", Outcome.FAILED, score, 4.0, (), submitted_at=submitted_at),
        PartGrade("fc_b", Outcome.NOT_ATTEMPTED, 0.0, 4.0, (), submitted_at=None),
    )
    return Grade("ada", Student("Ada"), score, 8.0, parts, "")


def points(submitted_at: str, rule: LateRule = RULE, score: float = 3.0) -> float | None:
    """What is taken from it; 0 where nothing is."""
    found = lateness(grade(submitted_at, score), rule)
    return found[0].points if found else 0.0


@pytest.mark.parametrize(
    ("submitted_at", "expected"),
    [
        ("2026-03-01T22:58:00Z", 0.0),  # a minute before: 23:58 by the clock of the due date
        ("2026-03-01T22:59:00+00:00", 0.0),
        ("2026-03-01T23:14:00Z", 0.0),  # the grace has just ended
        ("2026-03-01T23:14:01Z", 0.8),  # a day has begun: 10% of 8 points
        ("2026-03-02T23:14:00Z", 0.8),
        ("2026-03-02T23:14:01Z", 1.6),
        ("2026-03-04T00:00:00+01:00", 1.6),
        ("2026-03-31T00:00:00+01:00", 3.0),  # 50% were 4 points, of which 3 were reached
    ],
)
def test_by_days_begun(submitted_at: str, expected: float) -> None:
    """Days are counted from the end of the grace, in any time zone; the points end the loss."""
    assert expected == points(submitted_at)


def test_cap_and_points() -> None:
    """The cap ends the loss, and both may be points as well as percent."""
    rule = replace(RULE, per_day=Amount(0.5, Unit.POINTS), cap=Amount(1.25, Unit.POINTS))

    assert [0.5, 1.0, 1.25] == [points(f"2026-03-0{day}T12:00:00Z", rule) for day in (2, 3, 4)]
    assert 2.0 == points("2026-03-09T12:00:00Z", replace(RULE, cap=Amount(25, Unit.PERCENT)))


def test_sentence() -> None:
    """It says how late, when it was due by the clock there, and the rule."""
    (found,) = lateness(grade("2026-03-03T05:59:00Z"), RULE)

    assert (
        "Handed in 31 h 0 min after 2026-03-01 23:59 (UTC+01:00). 10% of the points for each day "
        "begun after 15 min of grace, at most 50% of the points: 2 days."
    ) == found.reason


@pytest.mark.parametrize("submitted_at", [None, "", "Monday", "2026-03-09", "2026-03-09T12:00:00"])
def test_time_is_not_known(submitted_at: str | None) -> None:
    """Without a time, or without its zone, nothing is taken, and that it is not known is told."""
    assert [("faces_fc", None)] == [
        (found.sheet, found.points) for found in lateness(grade(submitted_at), RULE)
    ]


def test_nothing_to_take() -> None:
    """What has no points or was not handed in loses none, also where its time is not known."""
    untouched = grade(None)
    none = replace(untouched, parts=untouched.parts[1:])

    assert () == lateness(none, RULE)
    assert () == lateness(grade("2026-03-09T12:00:00Z", score=0.0), RULE)
    assert () == lateness(grade(None, score=0.0), RULE)


def test_each_sheet_by_its_own_date() -> None:
    """Parts that were handed in with another sheet count by their own time and date."""
    cnn = Due("faces_cnn", ("cnn_a",), datetime.fromisoformat("2026-03-15T23:59:00+01:00"))
    part = PartGrade(
        "cnn_a", Outcome.PASSED, 4.0, 4.0, (), submitted_at="2026-03-17T12:00:00+01:00"
    )
    both = grade("2026-03-01T12:00:00+01:00")
    both = replace(both, parts=(*both.parts, part))

    found = lateness(both, replace(RULE, dues=(DUE, cnn)))

    assert [("faces_cnn", 0.8)] == [(one.sheet, one.points) for one in found]
