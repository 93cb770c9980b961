"""Telling: pieces of pages that many students have in common, each made once in a rendering."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from markupsafe import Markup

from grader.records import PartGrade
from grader.report.images import Album

_MOST_KEPT = 100  # of some 100 KB each, where the test images are shown


class Drawings:
    """The tables and figures of one rendering, with its test images where there are any.

    All pages that are made with it show the same data set and the same parts.
    """

    def __init__(self, album: Album | None = None) -> None:
        self.album = album
        self._made: dict[PartGrade, Markup] = {}

    def rows(self, macro: Callable[[PartGrade], Markup], part: PartGrade) -> Markup:
        """What the macro makes of a part's rows, their hints and the totals."""
        shown = replace(
            _nothing_of(part),
            hints=part.hints,
            rows=part.rows,
            reference_totals=part.reference_totals,
            submitted_totals=part.submitted_totals,
        )
        return self._once(macro, shown)

    def training(self, macro: Callable[[PartGrade], Markup], part: PartGrade) -> Markup:
        """What the macro makes of a part's training and its threshold."""
        shown = replace(_nothing_of(part), training=part.training, threshold=part.threshold)
        return self._once(macro, shown)

    def _once(self, macro: Callable[[PartGrade], Markup], shown: PartGrade) -> Markup:
        # The key is all that is shown, so that two different pieces are never taken for one.
        if shown not in self._made:
            if len(self._made) == _MOST_KEPT:
                self._made.clear()
            self._made[shown] = macro(shown)
        return self._made[shown]


def _nothing_of(part: PartGrade) -> PartGrade:
    return PartGrade(
        part.part, part.outcome, score=0.0, max_score=0.0, checks=(), target=part.target
    )
