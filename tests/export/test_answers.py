"""The table of answers: what goes out comes back, and a table that is not right changes nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grader.errors import UsageError
from grader.export.answers import answers_table
from grader.export.marks import read_marks
from grader.records import Mark, Part, Protocol, Run, Student, Summary, Totals
from tests.export.made import NOT_ATTEMPTED, PASSED, grade_of, run_of

Rows = list[dict[str, str]]


def part(id_: str, answer_points: float | None) -> Part:
    """A part with a question; of everything else there is as little as can be."""
    return Part(
        id=id_,
        sheet="faces_cnn",
        title=id_,
        question="How good is it; and why?",
        reference=Summary((), Totals(0, 0, 0)),
        input_shape=(4,),
        num_classes=2,
        protocol=Protocol(1, 1, "adam", "categorical_crossentropy", "standardize-per-pixel", 1),
        points={},
        time_limit_seconds=1.0,
        calibrations=(),
        stub=Path("x.py"),
        answer_points=answer_points,
    )


PARTS = {"cnn_a": part("cnn_a", 3.0), "cnn_b": part("cnn_b", None)}
COMMENT = '„Ja“, "aber"; ŷ 🙂\n(שלום)'
ANSWERS = ("=1+1", 'Größer, "viel" besser;\nja 🙂', "שלום @ you")


def run(answers: tuple[str, ...] = ANSWERS, mark: Mark | None = None) -> Run:
    """A student for each answer in cnn_a, whose name is the answer turned around."""
    return run_of(
        *[
            grade_of(
                Student(answer[::-1]),
                replace(PASSED, answer=answer, mark=mark),
                NOT_ATTEMPTED,
                submission=f"s{number}",
            )
            for number, answer in enumerate(answers)
        ]
    )


def rows_of(graded: Run) -> Rows:
    """The table as a spreadsheet would show it."""
    return list(csv.DictReader(io.StringIO(answers_table(graded, PARTS), newline="")))


def saved(rows: Rows, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """The table as a spreadsheet saves it."""
    written = io.StringIO()
    writer = csv.DictWriter(written, rows[0], delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue().encode(encoding)


def marks(content: bytes, graded: Run) -> Mapping[tuple[str, str], Mark | None]:
    """The marks that are read."""
    return read_marks(content, "answers.csv", graded, PARTS).marks


def test_a_row_for_each_answer_that_gets_points() -> None:
    """Students, answers and question are there, no cell is a formula, and no points are."""
    rows = rows_of(run())

    assert ["s0", "s1", "s2"] == [row["submission"] for row in rows]
    assert ["'=1+1", ANSWERS[1], "שלום @ you"] == [row["answer"] for row in rows]
    assert [("cnn_a", "How good is it; and why?", "", "3")] * 3 == [
        (row["part"], row["question"], row["points"], row["max_points"]) for row in rows
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_round_trip(encoding: str, delimiter: str) -> None:
    """Points with comma or point and any comment are read, in what spreadsheets write."""
    rows = rows_of(run())
    rows[0] |= {"points": "2,5", "comment": "'=gut"}
    rows[1] |= {"points": "0", "comment": COMMENT}
    rows[2] |= {"points": "1.25"}

    found = marks(saved(rows, delimiter, encoding), run())

    assert {
        ("s0", "cnn_a"): Mark(2.5, 3.0, "=gut", ANSWERS[0]),
        ("s1", "cnn_a"): Mark(0.0, 3.0, COMMENT, ANSWERS[1]),
        ("s2", "cnn_a"): Mark(1.25, 3.0, "", ANSWERS[2]),
    } == found


@example("", "\x08\x850")
@settings(max_examples=60)
@given(
    st.text(max_size=12), st.text(st.sampled_from("'=-@;,\t\n\"1 x") | st.characters(codec="utf-8"))
)
def test_what_was_read_is_written_and_read_again(answer: str, comment: str) -> None:
    """Whatever the answer and the comment, a table that is not touched says what it said."""
    rows = rows_of(run((answer,)))
    rows[0] |= {"points": "2", "comment": comment.replace("\0", "")}
    (first,) = marks(saved(rows), run((answer,))).values()
    graded = run((answer,), first)

    assert {("s0", "cnn_a"): first} == marks(answers_table(graded, PARTS).encode(), graded)


def test_rows_without_points_change_nothing() -> None:
    """They are counted, and so several people may each fill in some; a dash takes points away."""
    rows = rows_of(run())
    rows[1] |= {"points": "-"}

    read = read_marks(saved(rows), "answers.csv", run(), PARTS)

    assert ({("s1", "cnn_a"): None}, 2) == (read.marks, read.num_open)


def test_points_for_an_older_answer_are_not_shown() -> None:
    """A table that is sent back as it is does not give them to the answer of now."""
    older = Mark(2.0, 3.0, "Good.", "another answer")
    (row,) = rows_of(run(("new",), older))

    assert ("", "") == (row["points"], row["comment"])


def test_every_fault_is_named_by_its_row() -> None:
    """Nothing is taken of a table with a fault; all faults are told, each with its row."""
    rows = rows_of(run(("a", "b", "c", "d", "e", "f")))
    wrong = [
        ({"submission": "s00"}, "row 2: s00, cnn_a is no submission (s0 is one)."),
        (
            {"part": "cnn_b"},
            "row 3: s1, cnn_b is no part whose answer gets points; those are cnn_a.",
        ),
        ({"points": "3.5"}, "row 4: s2, cnn_a has 3.5 points, expected 0 to 3."),
        (
            {"points": "gut"},
            "row 5: s3, cnn_a has 'gut' for points, expected a number such as 0.5.",
        ),
        ({"comment": "Hm."}, "row 6: s4, cnn_a has a comment and no points;"),
        ({"submission": "s4"}, "row 7: s4, cnn_a is there already, in row 6."),
    ]
    for row, (cells, _) in zip(rows, wrong, strict=True):
        row.update(cells)

    with pytest.raises(UsageError) as told:
        marks(saved(rows), run(("a", "b", "c", "d", "e", "f")))

    assert "answers.csv was not imported, and no points have changed:" in str(told.value)
    for _, words in wrong:
        assert words in str(told.value)


@pytest.mark.parametrize(
    ("answer", "points"), [("Something else.", 3.0), ("a", 2.0)], ids=["answer", "sheet"]
)
def test_changed_since_the_export(answer: str, points: float) -> None:
    """Points for an answer that is another by now, or worth something else, are not taken."""
    rows = rows_of(run(("a",)))
    rows[0] |= {"points": "1"}
    parts = {"cnn_a": replace(PARTS["cnn_a"], answer_points=points)}

    with pytest.raises(UsageError, match="row 2: s0, cnn_a has another answer now"):
        read_marks(saved(rows), "answers.csv", run((answer,)), parts)


def test_minus_points() -> None:
    """Less than no points are refused as too many are."""
    rows = rows_of(run(("a",)))
    rows[0] |= {"points": "-1"}

    with pytest.raises(UsageError, match="has -1 points, expected 0 to 3"):
        marks(saved(rows), run(("a",)))


def test_another_table() -> None:
    """A table without the columns says which are missing and where they come from."""
    with pytest.raises(UsageError, match=r"has no column points, comment, version\. Expected"):
        marks(b"submission,part\ns0,cnn_a\n", run())
