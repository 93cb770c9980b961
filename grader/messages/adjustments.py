"""Telling: the sentences about points that no check gave or took."""

from __future__ import annotations

from grader.records import Adjustment, Deduction, PartGrade


def adjustment_message(adjustment: Adjustment) -> str:
    """The part, how many points more or less, and why.

    >>> adjustment_message(Adjustment("cnn_a", -0.5, "Copied.", "2026-01-31T12:00:00Z"))
    'cnn_a: 0.5 points less. Copied.'
    """
    return _correction(adjustment.part, adjustment.points, adjustment.reason)


def deduction_message(deduction: Deduction) -> str:
    """The sheet, how many points it loses, and why."""
    return _correction(deduction.sheet, deduction.points, deduction.reason)


def mark_message(part: PartGrade) -> str:
    """The points for the answer to the question, with the comment; "" where it has no mark."""
    mark = part.mark
    if mark is None:
        return ""
    older = "" if mark.answer == part.answer else " for an earlier answer"
    points = f"{mark.points:g} of {mark.max_points:g} points{older}."
    return f"{points} {mark.comment}".strip()


def _correction(place: str, points: float, reason: str) -> str:
    noun = "point" if abs(points) == 1 else "points"
    return f"{place}: {abs(points):g} {noun} {'more' if points > 0 else 'less'}. {reason}"
