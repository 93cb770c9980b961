"""Rows are folded, marked and matched with their hints for page and terminal alike."""

from __future__ import annotations

from dataclasses import replace

import pytest

from grader.records import (
    AlignedRow,
    Hint,
    Match,
    Outcome,
    PartGrade,
    Row,
    Rule,
    Totals,
)
from grader.report import views

ROW = Row("Dense", (None, 8), 72)


def part_with(matches: str, hints: tuple[Hint, ...] = ()) -> PartGrade:
    """A part whose rows are `=` for equal and `!` for different."""
    kinds = {"=": Match.SAME, "!": Match.DIFFERENT}
    rows = tuple(AlignedRow(kinds[mark], ROW, ROW) for mark in matches)
    return PartGrade("fc_a", Outcome.FAILED, 0.0, 4.0, (), rows=rows, hints=hints)


@pytest.mark.parametrize(
    ("matches", "expected"),
    [
        ("", []),
        ("=====", [(5, True)]),
        ("==", [(2, False)]),
        ("!====", [(2, False), (3, True)]),
        ("====!====", [(3, True), (3, False), (3, True)]),
        ("!==!", [(4, False)]),
        ("!====!", [(6, False)]),
        ("!=====!", [(2, False), (3, True), (2, False)]),
    ],
)
def test_equal_rows_fold_but_for_one_beside_a_difference(
    matches: str, expected: list[tuple[int, bool]]
) -> None:
    """Three and more equal rows away from any difference are folded, fewer stay."""
    found = views.segments(part_with(matches))

    assert expected == [(len(segment.rows), segment.folded) for segment in found]


def test_rows_are_numbered_through_and_the_first_difference_is_marked_once() -> None:
    """Numbers count the aligned rows from 1, over folds; only one row is the first to differ."""
    rows = [row for s in views.segments(part_with("=====!=!")) for row in s.rows]

    expected = [(number, number == 6) for number in range(1, 9)]
    assert expected == [(row.number, row.is_first_difference) for row in rows]


def test_a_hint_stands_beside_its_row_and_keeps_it_from_folding() -> None:
    """A hint at an equal row is shown; a hint without a row is the network's."""
    beside, general = Hint(Rule.FROZEN, 5, "Frozen."), Hint(Rule.INPUT_SHAPE, None, "Other input.")
    part_grade = part_with("=========", (beside, general))

    shown = [row for s in views.segments(part_grade) if not s.folded for row in s.rows]

    assert [(4, ()), (5, (beside,)), (6, ())] == [(row.number, row.hints) for row in shown]
    assert (general,) == views.general_hints(part_grade)


def test_equal_rows_with_other_totals_are_not_as_the_table() -> None:
    """A frozen layer shows in the totals alone, and is still pointed out."""
    totals = Totals(72, 72, 0)
    alike = replace(part_with("="), reference_totals=totals, submitted_totals=totals)
    frozen = replace(alike, submitted_totals=Totals(72, 0, 72))

    assert views.is_as_table(alike)
    assert not views.is_as_table(frozen)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(1910576, "1,910,576"), (0, "0"), (2.5, "2.5"), (4.0, "4"), (1 / 3, "0.33"), (None, "—")],
)
def test_numbers_are_short(value: float | None, expected: str) -> None:
    """Counts have thousands apart, points no needless zeros."""
    assert expected == views.number(value)


@pytest.mark.parametrize(
    ("shape", "expected"),
    [((None, 48, 48, 32), "(None, 48, 48, 32)"), ((None,), "(None,)"), (None, "?")],
)
def test_shapes_are_written_as_keras_does(
    shape: tuple[int | None, ...] | None, expected: str
) -> None:
    """A shape looks as in the table of the sheet."""
    assert expected == views.keras_shape(shape)
