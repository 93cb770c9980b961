"""Telling: a CSV table with one row per student and one column per check."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from grader.export.formulas import defused
from grader.export.numbers import points_text
from grader.export.worksheets import is_certain
from grader.records import CheckName, Grade, PartGrade, Run

_FACTS = (
    "submission",
    "name",
    "id",
    "email",
    "score",
    "max_score",
    "late",
    "by_hand",
    "attempt",
    "submitted_at",
)


def csv_table(run: Run) -> str:
    """The table as text; a part's columns are its outcome, its points, those of checks and answer.

    `late` are the points that late hand-ins lose, `by_hand` all others of the score that no part
    has. A score is left out where the grader itself failed, a check where there is none. No
    spreadsheet runs a cell of it as a formula.
    """
    parts = list(dict.fromkeys(part.part for grade in run.grades for part in grade.parts))
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow([*_FACTS, *(name for part in parts for name in _headers(part))])
    for grade in run.grades:
        by_id = {part.part: part for part in grade.parts}
        cells = (cell for part in parts for cell in _cells(by_id.get(part)))
        writer.writerow([*_facts(grade), *cells])
    return written.getvalue()


def _headers(part: str) -> Iterable[str]:
    return (
        f"{part} outcome",
        f"{part} score",
        *(f"{part} {name.value}" for name in CheckName),
        f"{part} answer",
    )


def _facts(grade: Grade) -> Iterable[str]:
    student = grade.student
    late = sum(made.points for made in grade.late)
    by_hand = grade.score - sum(part.score for part in grade.parts) - late
    texts = (grade.submission, student.name, student.id or "", student.email or "")
    return (
        *map(defused, texts),
        points_text(grade.score) if is_certain(grade) else "",
        points_text(grade.max_score),
        points_text(late),
        points_text(by_hand),
        str(grade.attempt),
        defused(grade.submitted_at or ""),
    )


def _cells(part: PartGrade | None) -> Iterable[str]:
    if part is None:
        return [""] * (3 + len(CheckName))
    scores = {check.name: points_text(check.score) for check in part.checks}
    checks = (scores.get(name, "") for name in CheckName)
    answer = "" if part.mark is None else points_text(part.mark.points)
    return (part.outcome.value, points_text(part.score), *checks, answer)
