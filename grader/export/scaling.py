"""Telling: points in another measure than the sheet's; pure."""

from __future__ import annotations

from dataclasses import replace

from grader.records import Check, Grade, Mark, PartGrade, Run

_DIGITS = 4


def scaled(run: Run, out_of: float | None) -> Run:
    """The run with every grade out of `out_of` points, its parts and checks in proportion.

    Unchanged for None. A grade of which nothing could be reached stays as it is.
    """
    if out_of is None:
        return run
    return replace(run, grades=tuple(_scaled_grade(grade, out_of) for grade in run.grades))


def share(grade: Grade) -> float:
    """The points reached as a share of those to be reached, which are more than none."""
    return grade.score / grade.max_score


def _scaled_grade(grade: Grade, out_of: float) -> Grade:
    if grade.max_score <= 0:
        return grade
    factor = out_of / grade.max_score
    return replace(
        grade,
        score=_times(grade.score, factor),
        max_score=out_of,
        parts=tuple(_scaled_part(part, factor) for part in grade.parts),
        adjustments=tuple(
            replace(made, points=_times(made.points, factor)) for made in grade.adjustments
        ),
        late=tuple(replace(made, points=_times(made.points, factor)) for made in grade.late),
    )


def _scaled_part(part: PartGrade, factor: float) -> PartGrade:
    return replace(
        part,
        score=_times(part.score, factor),
        max_score=_times(part.max_score, factor),
        mark=None if part.mark is None else _scaled_mark(part.mark, factor),
        checks=tuple(_scaled_check(check, factor) for check in part.checks),
    )


def _scaled_mark(mark: Mark, factor: float) -> Mark:
    return replace(
        mark, points=_times(mark.points, factor), max_points=_times(mark.max_points, factor)
    )


def _scaled_check(check: Check, factor: float) -> Check:
    return replace(
        check, score=_times(check.score, factor), max_score=_times(check.max_score, factor)
    )


def _times(points: float, factor: float) -> float:
    return round(points * factor, _DIGITS)
