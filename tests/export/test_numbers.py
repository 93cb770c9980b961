"""Points are written and read as learning platforms do it, and a run can be scaled."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grader.export.formulas import defused, restored, writable
from grader.export.numbers import points_text, read_number
from grader.export.scaling import scaled
from grader.records import Grade, Run


@pytest.mark.parametrize(
    ("points", "text", "with_comma"),
    [
        (17.0, "17", "17"),
        (17.5, "17.5", "17,5"),
        (0.125, "0.13", "0,13"),
        (2.675, "2.68", "2,68"),
        (-0.25, "-0.25", "-0,25"),
        (0.0, "0", "0"),
        (100.0, "100", "100"),
    ],
)
def test_written(points: float, text: str, with_comma: str) -> None:
    """Two decimals at most, halves rounded up, and no zeros that say nothing."""
    assert (text, with_comma) == (points_text(points), points_text(points, comma=True))


@pytest.mark.parametrize(
    ("text", "number"),
    [("100,00", 100.0), ("100.00", 100.0), ("1.000,50", 1000.5), ("-2.5", -2.5), ("7", 7.0)]
    + [(text, None) for text in ("", "EX", "N/A", "1 2", "bestanden", "-", "(read only)")],
)
def test_read(text: str, number: float | None) -> None:
    """The last mark is the decimal one; what is no number is none."""
    assert number == read_number(text)


def test_scaled_run(small_class: Run) -> None:
    """Grade, parts and checks are scaled alike, points by hand with the grade, and 0 stays 0."""
    before = small_class.grades[1]

    after = scaled(small_class, 100).grades[1]

    assert (0.75, 8.0) == (before.score, before.max_score)
    assert (9.375, 100.0) == (after.score, after.max_score)
    assert (12.5, 50.0) == (after.parts[0].score, after.parts[0].max_score)
    assert (6.25, 18.75) == (after.parts[0].checks[1].score, after.parts[0].checks[1].max_score)
    assert small_class == scaled(small_class, None)


def test_nothing_to_scale() -> None:
    """Where nothing could be reached the grade stays as it is."""
    empty = Grade("x", None, 0.0, 0.0, (), "")  # type: ignore[arg-type]  # no student is looked at

    assert empty == scaled(Run("", None, {}, "", (empty,)), 10).grades[0]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-שלום", "'-שלום"),
        ("\t=1", "'\t'=1"),
        ("\rx", "'\rx"),
        ("  =1", "  '=1"),
        ("a;=1", "a;'=1"),
        ('say ",=1', "say \",'=1"),
        ("one\n=1", "one\n'=1"),
        ("＝1", "'＝1"),  # noqa: RUF001 - a full-width sign is meant
        ("-0.5", "-0.5"),
        ("+49", "'+49"),
        ("Anne-Marie Grün", "Anne-Marie Grün"),
        ("ada@example.org", "ada@example.org"),
        ("Doe, Jane", "Doe, Jane"),
        ("bell\x07", "bell"),
        ("lone \udcff", "lone ?"),
    ],
)
def test_formulas(text: str, safe: str) -> None:
    """Whatever could begin a formula has an apostrophe before it; names and numbers have none."""
    assert safe == defused(text)


@given(st.text(st.sampled_from("'=+-@＝\t\r\n;,\" 1x") | st.characters(), max_size=12))  # noqa: RUF001
@example("\t'=1")
@example("''=1")
def test_formulas_come_back(text: str) -> None:
    """What was defused is restored to the letter, whatever apostrophes it had before."""
    assert writable(text) == restored(defused(text))
