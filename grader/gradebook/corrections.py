"""Gradebook: points by hand, which outlast every grading."""

from __future__ import annotations

import math
from collections.abc import Mapping
from difflib import get_close_matches

from grader.errors import UsageError
from grader.gradebook.database import Database, now
from grader.gradebook.events import Kind, note
from grader.records import Mark
from grader.records.encoding import storable


def adjust(database: Database, submission: str, part: str, points: float, reason: str) -> None:
    """Add these points to a submission's total, in place of what was added for the part before.

    Zero takes the adjustment away. Raises UsageError for a submission or part without a grade,
    points that are no number and a reason that says nothing.
    """
    _require_grade(database, submission, part)
    if not math.isfinite(points):
        raise UsageError(f"{points} are no points. Expected: a number such as 1.5 or -0.5.")
    if not reason.strip():
        raise UsageError("An adjustment needs a reason: the student reads it. Add --reason TEXT.")
    key = (submission, part)
    with database.transaction():
        before = database.value(
            "SELECT points FROM adjustment WHERE submission = ? AND part = ?", key
        )
        database.write("DELETE FROM adjustment WHERE submission = ? AND part = ?", key)
        if points:
            database.write(
                "INSERT INTO adjustment (submission, part, points, reason, made_at) "
                "VALUES (?, ?, ?, ?, ?)",
                (*key, points, storable(reason.strip()), now()),
            )
        detail = f"{part}: {before or 0:g} -> {points:g}: {reason.strip()}"
        note(database, None, Kind.ADJUSTED, submission, detail)


def mark(database: Database, marks: Mapping[tuple[str, str], Mark | None]) -> None:
    """Give the answers of these submissions and parts their points; None takes them away.

    They are answers of current grades. All are kept, or none where that fails.
    """
    with database.transaction():
        for key, made in marks.items():
            submission, part = key
            database.write("DELETE FROM mark WHERE submission = ? AND part = ?", key)
            if made is not None:
                database.write(
                    "INSERT INTO mark (submission, part, points, max_points, comment, answer, "
                    "made_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (
                        *key,
                        made.points,
                        made.max_points,
                        storable(made.comment),
                        storable(made.answer),
                        now(),
                    ),
                )
            told = "no points" if made is None else f"{made.points:g} of {made.max_points:g}"
            note(database, None, Kind.MARKED, submission, f"{part}: {told}")


def _require_grade(database: Database, submission: str, part: str) -> None:
    grades = {row["submission"]: row["grade"] for row in database.rows("SELECT * FROM result")}
    if submission not in grades:
        near = get_close_matches(submission, grades, n=3, cutoff=0.4) or sorted(grades)[:3]
        meant = f"Did you mean {' or '.join(near)}?" if near else "Nothing is graded there yet."
        raise UsageError(f"There is no submission '{submission}'. {meant}")
    rows = database.rows(
        "SELECT part FROM part WHERE grade = ? ORDER BY part", (grades[submission],)
    )
    parts = [row["part"] for row in rows]
    if part not in parts:
        raise UsageError(
            f"{submission} has no part '{part}'. Its parts are {', '.join(parts) or 'none'}."
        )
