"""Gradebook: what late hand-ins lose, as the rule and the points of now have it."""

from __future__ import annotations

from collections.abc import Sequence

from grader.gradebook.database import Database, now
from grader.gradebook.events import Kind, note
from grader.grading.lateness import Lateness, lateness
from grader.records import Grade, LateRule
from grader.records.encoding import storable


def settle(
    database: Database, run: int | None, grades: Sequence[Grade], rule: LateRule | None
) -> None:
    """Note down what these submissions lose by the rule, in place of what they lost before."""
    before: dict[str, dict[str, Lateness]] = {}
    for row in database.rows("SELECT submission, sheet, points, reason FROM late"):
        points = None if row["points"] is None else -row["points"]
        kept = Lateness(row["sheet"], points, row["reason"])
        before.setdefault(row["submission"], {})[row["sheet"]] = kept
    with database.transaction():
        for grade in grades:
            old = before.get(grade.submission, {})
            new = {found.sheet: found for found in lateness(grade, rule)} if rule else {}
            for sheet in old.keys() | new.keys():
                if old.get(sheet) != new.get(sheet):
                    _replace(database, run, grade.submission, sheet, new.get(sheet))


def _replace(
    database: Database, run: int | None, submission: str, sheet: str, found: Lateness | None
) -> None:
    database.write("DELETE FROM late WHERE submission = ? AND sheet = ?", (submission, sheet))
    if found is None:
        note(database, run, Kind.LATE, submission, f"{sheet}: nothing is taken")
        return
    points = None if found.points is None else -found.points
    database.write(
        "INSERT INTO late (submission, sheet, points, reason, made_at) VALUES (?, ?, ?, ?, ?)",
        (submission, sheet, points, storable(found.reason), now()),
    )
    taken = "the time is not known" if points is None else f"{points:g}: {found.reason}"
    note(database, run, Kind.LATE, submission, f"{sheet}: {taken}")
