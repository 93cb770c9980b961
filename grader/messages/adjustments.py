"""Telling: the sentences about points that were given or taken by hand."""

from __future__ import annotations

from grader.records import Adjustment


def adjustment_message(adjustment: Adjustment) -> str:
    """The part, how many points more or less, and why.

    >>> adjustment_message(Adjustment("cnn_a", -0.5, "Handed in late.", "2026-01-31T12:00:00Z"))
    'cnn_a: 0.5 points less. Handed in late.'
    """
    points = abs(adjustment.points)
    more = "more" if adjustment.points > 0 else "less"
    noun = "point" if points == 1 else "points"
    return f"{adjustment.part}: {points:g} {noun} {more}. {adjustment.reason}"
