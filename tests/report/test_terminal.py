"""The same content in a terminal: plain, 80 columns, coloured when asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from grader.records import AlignedRow, Grade, Hint, Match, Outcome, Part, PartGrade, Row, Rule
from grader.report.terminal import as_text, difference_table, student_summary

CONV = Row("Conv2D", (None, 48, 48, 32), 896)
NORM = Row("BatchNormalization", (None, 48, 48, 32), 128)
DENSE = Row("Dense", (None, 200), 1843400)


def part_with(*rows: AlignedRow, hints: tuple[Hint, ...] = ()) -> PartGrade:
    """A failed part with these rows."""
    return PartGrade("cnn_c", Outcome.FAILED, 0.0, 4.0, (), rows=rows, hints=hints)


def test_the_table_reads_as_it_should() -> None:
    """Rows stand aligned, the first difference is marked, equal rows are folded."""
    same = AlignedRow(Match.SAME, CONV, CONV)
    missing = AlignedRow(Match.MISSING, NORM, None)
    extra = AlignedRow(Match.EXTRA, None, NORM)
    other = AlignedRow(Match.DIFFERENT, DENSE, replace(DENSE, shape=(None, 100), params=921700))
    hint = Hint(Rule.UNITS, 7, "Your layer has 100 units, the table 200.")

    text = difference_table(part_with(*[same] * 4, missing, extra, other, hints=(hint,)))

    expected = [
        "     table                                 yours",
        "     … 3 equal rows",
        "   4 Conv2D             48x48x32     896   Conv2D             48x48x32     896",
        ">- 5 BatchNormalization 48x48x32     128   missing",
        " + 6 not in the table                      BatchNormalization 48x48x32     128",
        " ! 7 Dense              200      1843400   Dense              100       921700",
        "     Hint: Your layer has 100 units, the table 200.",
        "> first difference   ! differs   - missing in yours   + only in yours",
    ]
    assert expected == text.splitlines()


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    """The widest layers of the course fit; in narrow places their names are cut."""
    wide = AlignedRow(Match.DIFFERENT, NORM, DENSE)

    text = difference_table(part_with(wide, wide), width=width)

    assert max(map(len, text.splitlines())) <= width
    assert text.count("1843400") == 2


def test_colour_only_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plain text holds no escapes; with colour the words are the same, whatever NO_COLOR says."""
    monkeypatch.setenv("NO_COLOR", "1")
    part_grade = part_with(AlignedRow(Match.DIFFERENT, CONV, NORM))

    plain, coloured = difference_table(part_grade), difference_table(part_grade, colour=True)

    assert "\x1b" not in plain
    assert "\x1b[33m" in coloured


def test_foreign_text_cannot_steer_the_terminal(
    padding_forgotten: Grade, parts: Mapping[str, Part]
) -> None:
    """Escapes and markup in a student's output and names are shown as text or taken out."""
    hostile = "[bold]\x1b[2J\x1b]0;title\x07\u202e"
    failed = replace(padding_forgotten.parts[2], output=hostile)
    grade = replace(padding_forgotten, parts=(failed,))

    text = as_text(student_summary(grade, parts), colour=False)

    assert "\x1b" not in text
    assert "[bold]<U+202E>" in text


def test_a_summary_ends_with_one_next_step(
    padding_forgotten: Grade, parts: Mapping[str, Part]
) -> None:
    """The verdict comes first, the next step last, and every line fits 80 columns."""
    lines = as_text(student_summary(padding_forgotten, parts)).splitlines()

    assert lines[0].startswith("2 of 5 parts")
    assert sum(line.startswith("Next: ") for line in lines[-3:]) == 1
    assert max(map(len, lines)) <= 80
