"""Canvas' gradebook: one assignment's column is filled in, and no other byte changes."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.export.canvas import fill
from grader.export.splicing import read_table
from grader.records import HandIn, Run, Student, System
from tests.export.made import FAILED, PASSED, TROUBLED, from_canvas, grade_of, run_of

GOLDEN = Path(__file__).parent / "golden"
HEADER = "Student,ID,SIS User ID,SIS Login ID,Section,Faces (901)\n"
POSSIBLE = "    Points Possible,,,,,20.00\n"
JANE = '"Doe, Jane",11,s11,jane@x.edu,A,\n'
ADA = '"Grün, Ada",12,s12,ada@x.edu,A,5.00\n'


def grades(gradebook: str, run: Run, out_of: float | None = None) -> list[str]:
    """What stands in the assignment's column afterwards, the first line left out."""
    content = fill(gradebook.encode(), run, out_of, "theirs.csv").content
    return [row[5].text for row in read_table(content, "ours.csv").rows[1:]]


@pytest.mark.parametrize("name", ["canvas", "canvas_comma"])
def test_golden(name: str, golden: Callable[[str, bytes], None]) -> None:
    """Both ways to write names, numbers and separators are filled as a reader found right."""
    run = run_of(
        from_canvas("doejane", 11, PASSED),
        from_canvas("grnada_LATE", 12, FAILED),
        from_canvas("lowcy", 13, PASSED),
        from_canvas("poedi", 14, PASSED),
    )
    titles = {"Eight faces: networks"}

    filled = fill((GOLDEN / f"{name}.csv").read_bytes(), run, None, f"{name}.csv", titles)

    golden(f"{name}.filled.csv", filled.content)


def test_excused_and_not_assigned() -> None:
    """EX and N/A stay, and the students are named."""
    rows = "".join(JANE.replace(",\n", f",{mark}\n") for mark in ("EX",))

    filled = fill(
        (HEADER + POSSIBLE + rows).encode(), run_of(from_canvas("doejane", 11)), None, "theirs.csv"
    )

    assert (HEADER + POSSIBLE + rows).encode() == filled.content
    assert ("Doe, Jane: the gradebook says EX (excused), which stays.",) == filled.left


def test_header_of_other_columns() -> None:
    """Where a title lost the quotes around its comma, grades would go one column to the right."""
    shifted = HEADER.replace("Faces (901)", "Sheet 1, faces (901)") + POSSIBLE + JANE

    filled = fill(shifted.encode(), run_of(from_canvas("doejane", 11)), None, "theirs.csv")

    assert shifted.encode() == filled.content
    assert ("Doe, Jane: their line in the gradebook has 6 cells, its header 7.",) == filled.left


def test_same_grade_keeps_its_bytes() -> None:
    """A grade that is there already is not written in another way."""
    assert ["20.00", "", "5.00"] == grades(
        HEADER + POSSIBLE + JANE + ADA, run_of(from_canvas("grnada", 12, FAILED))
    )


@pytest.mark.parametrize(
    ("gradebook", "out_of", "expected"),
    [
        (HEADER + POSSIBLE + JANE, None, "20"),
        (HEADER + POSSIBLE + JANE, 30.0, "30"),
        (HEADER + POSSIBLE.replace("20.00", "0.00") + JANE, None, "4"),
        (HEADER + JANE, None, "4"),
    ],
)
def test_scale(gradebook: str, out_of: float | None, expected: str) -> None:
    """Points are scaled to --out-of, else to the points possible, else they are the grader's."""
    assert expected == grades(gradebook, run_of(from_canvas("doejane", 11)), out_of)[-1]


@pytest.mark.parametrize(
    "student",
    [
        Student("?", "s11"),
        Student("?", "jane@x.edu"),
        Student("?", None, "JANE@x.edu"),
        Student("Jane Doe"),
    ],
)
def test_found_by(student: Student) -> None:
    """SIS user, SIS login, address and name find the line, each where the surer ones do not."""
    assert ["20.00", "20", "5.00"] == grades(
        HEADER + POSSIBLE + JANE + ADA, run_of(grade_of(student, PASSED))
    )


def test_other_numbers_are_no_users() -> None:
    """A number that is not Canvas' own is not taken for a user's, nor is an anonymous one."""
    anonymous = grade_of(
        Student("anon_11", "anon_11"), hand_in=HandIn(System.CANVAS, "anon_11"), submission="anon"
    )
    filled = fill(
        (HEADER + POSSIBLE + JANE).encode(),
        run_of(grade_of(Student("Bo", "11"), submission="bo"), anonymous),
        None,
        "theirs.csv",
    )

    assert (HEADER + POSSIBLE + JANE).encode() == filled.content
    assert [True, True] == ["no line of the worksheet" in reason for reason in filled.left]
    assert ("Doe, Jane",) == filled.without


def test_handed_in_together() -> None:
    """Everyone named with a submission gets its grade."""
    members = (Student("Jane Doe", email="jane@x.edu"), Student("Ada Grün", email="ada@x.edu"))
    hand_in = HandIn(System.GRADESCOPE, "submission_1", members=members)

    run = run_of(grade_of("Jane Doe and Ada Grün", PASSED, hand_in=hand_in))

    assert ["20.00", "20", "20"] == grades(HEADER + POSSIBLE + JANE + ADA, run)


def test_trouble_of_the_grader() -> None:
    """Where the grader failed there is no grade."""
    run = run_of(from_canvas("doejane", 11, PASSED, TROUBLED))

    assert ["20.00", ""] == grades(HEADER + POSSIBLE + JANE, run)


@pytest.mark.parametrize(
    ("gradebook", "words"),
    [
        ("Name,Number,x,y\nJane,1,2,3\n", "no gradebook of Canvas'"),
        (HEADER.replace(" (901)", "") + JANE, "no column of an assignment"),
        (
            HEADER.replace("\n", ",Other (902)\n") + JANE,
            "which assignment is meant:\n  Faces (901)\n  Other (902)\n",
        ),
        (
            HEADER.replace("\n", ",Total (902)\n") + POSSIBLE.replace("20.00", "(read only),1"),
            "",
        ),
    ],
)
def test_which_column(gradebook: str, words: str) -> None:
    """A column is chosen only where it is certain; one that is read only never is."""
    run = run_of(from_canvas("doejane", 11))
    if not words:
        assert "The column is 'Total (902)'." in fill(gradebook.encode(), run, None, "x").told
        return
    with pytest.raises(UsageError, match=re.escape(words)):
        fill(gradebook.encode(), run, None, "theirs.csv")
