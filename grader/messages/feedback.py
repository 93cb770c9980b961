"""Telling: a grade in a few lines, as a learning platform shows it to the student."""

from __future__ import annotations

from grader.messages.adjustments import adjustment_message, deduction_message, mark_message
from grader.messages.verdicts import first_open_check, outcome_word, verdict
from grader.records import Grade, PartGrade


def feedback_lines(grade: Grade) -> list[str]:
    """The verdict, and each part with its points and the first thing to look at."""
    total = f"{_points(grade.score)} of {_points(grade.max_score)} points."
    return [
        f"{verdict(grade, {})} {total}",
        *[line for part in grade.parts for line in _part_lines(part)],
        *map(deduction_message, grade.late),
        *map(adjustment_message, grade.adjustments),
    ]


def _part_lines(part: PartGrade) -> list[str]:
    mark = mark_message(part)
    return [_part_line(part), *([f"{part.part}, your answer: {mark}"] if mark else [])]


def _part_line(part: PartGrade) -> str:
    points = f"{_points(part.score)} of {_points(part.max_score)}"
    line = f"{part.part}: {outcome_word(part.outcome)}, {points}."
    check = first_open_check(part)
    if part.hints:
        return f"{line} {part.hints[0].message}"
    return f"{line} {check.message}" if check else line


def _points(points: float) -> str:
    return f"{points:.2f}".rstrip("0").rstrip(".")
