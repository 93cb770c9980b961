"""Gradebook: the current grades as records, as they were kept."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from sqlite3 import Row

from grader.gradebook.database import Database
from grader.gradebook.grades import Details
from grader.gradebook.sharing import with_sharing
from grader.records import (
    Adjustment,
    Check,
    CheckName,
    Deduction,
    Grade,
    HandIn,
    Hint,
    Mark,
    Outcome,
    PartGrade,
    Rule,
    Student,
    Target,
    Training,
)
from grader.records.encoding import decode

Index = Mapping[tuple[int, str], list[Row]]


def read_grades(
    database: Database, order: Sequence[str], only: str | None = None
) -> tuple[Grade, ...]:
    """The current grades of all submissions that are there, by id, corrected and with sharing.

    Parts stand in this `order`, others behind. `only` is the id of one submission, the others then
    being left out, also of what is shared. Raises ValueError where a record is damaged.
    """
    which, values = ("", ()) if only is None else (_ONLY, (only,))
    checks = _index(database.rows(_CHECKS + which + _BY_POSITION, values))
    hints = _index(database.rows(_HINTS + which + _BY_POSITION, values))
    trainings = {
        row["key"]: decode(row["record"], Training)
        for row in database.rows(_TRAININGS + which, values)
    }
    # Most networks of a class are equal, and to read one takes longer than all else.
    details_of = functools.cache(lambda text: decode(text, Details))
    marks = _read_marks(database)
    parts: dict[int, list[PartGrade]] = defaultdict(list)
    for row in database.rows(_PARTS + which, values):
        key = (row["grade"], row["part"])
        details = details_of(row["details"])
        training = trainings.get(row["training"], details.training)
        part = _part(row, checks.get(key, []), hints.get(key, []), details, training)
        parts[row["grade"]].append(_marked(part, marks.get((row["submission"], row["part"]))))
    adjustments, late = read_adjustments(database), read_deductions(database)
    places = {part: place for place, part in enumerate(order)}
    grades = [
        _grade(
            row,
            sorted(
                parts[row["number"]],
                key=lambda part: (places.get(part.part, len(places)), part.part),
            ),
            adjustments.get(row["submission"], ()),
            late.get(row["submission"], ()),
        )
        for row in database.rows(_GRADES + which, values)
    ]
    return with_sharing(sorted(grades, key=lambda grade: grade.submission))


def read_adjustments(database: Database) -> dict[str, tuple[Adjustment, ...]]:
    """The adjustments by submission, in the order of parts."""
    found: dict[str, tuple[Adjustment, ...]] = {}
    for row in database.rows("SELECT * FROM adjustment ORDER BY submission, part"):
        made = Adjustment(row["part"], row["points"], row["reason"], row["made_at"])
        found[row["submission"]] = (*found.get(row["submission"], ()), made)
    return found


def read_deductions(database: Database) -> dict[str, tuple[Deduction, ...]]:
    """What late hand-ins lose, by submission, in the order of sheets."""
    found: dict[str, tuple[Deduction, ...]] = {}
    rows = database.rows("SELECT * FROM late WHERE points IS NOT NULL ORDER BY submission, sheet")
    for row in rows:
        made = Deduction(row["sheet"], row["points"], row["reason"], row["made_at"])
        found[row["submission"]] = (*found.get(row["submission"], ()), made)
    return found


def read_untimed(database: Database) -> tuple[str, ...]:
    """Ids of the submissions that are there and may be late: nobody knows when they came."""
    rows = database.rows(
        "SELECT DISTINCT submission FROM late JOIN result USING (submission) "
        "WHERE points IS NULL ORDER BY submission"
    )
    return tuple(row["submission"] for row in rows)


def _read_marks(database: Database) -> dict[tuple[str, str], Mark]:
    """The marks of answers by submission and part."""
    return {
        (row["submission"], row["part"]): Mark(
            row["points"], row["max_points"], row["comment"], row["answer"]
        )
        for row in database.rows("SELECT * FROM mark")
    }


def _marked(part: PartGrade, mark: Mark | None) -> PartGrade:
    """The part with the mark of its answer, which counts from then on."""
    if mark is None:
        return part
    return replace(
        part,
        score=round(part.score + mark.points, 2),
        max_score=round(part.max_score + mark.max_points, 2),
        mark=mark,
    )


_GRADES = (
    "SELECT grade.id AS number, grade.*, name, student_id, email, hand_in FROM grade "
    "JOIN submission ON submission.id = grade.submission WHERE is_current AND removed_at IS NULL"
)
_PARTS = "SELECT part.*, submission FROM part JOIN grade ON grade.id = part.grade WHERE is_current"
_CHECKS = "SELECT checks.* FROM checks JOIN grade ON grade.id = checks.grade WHERE is_current"
_HINTS = "SELECT hint.* FROM hint JOIN grade ON grade.id = hint.grade WHERE is_current"
_TRAININGS = (
    "SELECT DISTINCT training.key, training.record FROM grade "
    "JOIN part ON part.grade = grade.id JOIN training ON training.key = part.training "
    "WHERE is_current"
)
_ONLY = " AND grade.submission = ?"
_BY_POSITION = " ORDER BY position"


def _index(rows: Iterable[Row]) -> Index:
    found: dict[tuple[int, str], list[Row]] = defaultdict(list)
    for row in rows:
        found[row["grade"], row["part"]].append(row)
    return found


def _grade(
    row: Row,
    parts: Sequence[PartGrade],
    adjustments: tuple[Adjustment, ...],
    late: tuple[Deduction, ...],
) -> Grade:
    marks = [part.mark for part in parts if part.mark is not None]
    graded = {part.part for part in parts}
    adjustments = tuple(made for made in adjustments if made.part in graded)
    by_hand = sum(mark.points for mark in marks) + sum(made.points for made in adjustments)
    taken = sum(made.points for made in late)
    return Grade(
        submission=row["submission"],
        student=Student(row["name"], row["student_id"], row["email"]),
        score=max(0.0, round(row["score"] + by_hand + taken, 2)),
        max_score=round(row["max_score"] + sum(mark.max_points for mark in marks), 2),
        parts=tuple(parts),
        report=row["report"],
        notices=decode(row["notices"], tuple[str, ...]),
        attempt=row["attempt"],
        submitted_at=row["submitted_at"],
        adjustments=adjustments,
        late=late,
        hand_in=None if row["hand_in"] is None else decode(row["hand_in"], HandIn),
    )


def _part(
    row: Row,
    checks: Sequence[Row],
    hints: Sequence[Row],
    details: Details,
    training: Training | None,
) -> PartGrade:
    return PartGrade(
        part=row["part"],
        outcome=Outcome(row["outcome"]),
        score=row["score"],
        max_score=row["max_score"],
        checks=tuple(
            Check(
                CheckName(check["name"]),
                Outcome(check["outcome"]),
                check["score"],
                check["max_score"],
                check["message"],
            )
            for check in checks
        ),
        hints=tuple(Hint(Rule(hint["rule"]), hint["row"], hint["message"]) for hint in hints),
        notes=details.notes,
        rows=details.rows,
        reference_totals=details.reference_totals,
        submitted_totals=details.submitted_totals,
        answer=row["answer"],
        output=row["output"],
        training=training,
        threshold=row["threshold"],
        submitted_at=row["submitted_at"],
        target=Target(row["target"]),
    )
