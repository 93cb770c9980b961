"""Moodle's worksheet: grades and comments are filled in, and no other byte changes."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.errors import UsageError
from grader.export.moodle import MoodleExport, fill
from grader.export.splicing import read_table
from grader.records import Adjustment, HandIn, Run, Student, System
from tests.export.made import (
    FAILED,
    NOT_ATTEMPTED,
    PASSED,
    TROUBLED,
    from_moodle,
    grade_of,
    run_of,
)

GOLDEN = Path(__file__).parent / "golden"
HEADER = (
    "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,"
    "Last modified (submission),Last modified (grade),Feedback comments\r\n"
)
ADA = "Participant 101,Ada Grün,ada@x.org,Submitted,,100.00,Yes,-,-,\r\n"
BO = 'Participant 102,"Roe, Bo",bo@x.org,Submitted,,100.00,Yes,-,-,""\r\n'
LOCKED = "Participant 103,Cy Low,cy@x.org,,40.00,100.00,No,-,-,old\r\n"


def filled(worksheet: str, run: Run, out_of: float | None = None) -> MoodleExport:
    """The worksheet with the run's grades in it."""
    return fill(worksheet.encode(), run, out_of, "theirs.csv")


def column(export: MoodleExport, number: int) -> list[str]:
    """What stands in a column of the filled worksheet, its header left out."""
    table = read_table(export.worksheet.content, "ours.csv")
    return [row[number].text for row in table.rows[1:]]


@pytest.mark.parametrize("name", ["moodle_de", "moodle_en_blind", "moodle_groups", "moodle_utf16"])
def test_golden(name: str, golden: Callable[[str, bytes], None]) -> None:
    """German, blind, group and UTF-16 worksheets are filled as a reader has found right."""
    run = run_of(
        from_moodle("Ada Grün", 1327670, PASSED),
        from_moodle("Bo Roe", 1327671, FAILED, NOT_ATTEMPTED),
        from_moodle("Participant", 501, FAILED),
        from_moodle("Team Ω", 1327672, PASSED),
    )

    export = fill((GOLDEN / f"{name}.csv").read_bytes(), run, None, f"{name}.csv")

    golden(f"{name}.filled.csv", export.worksheet.content)


def test_only_two_cells_change() -> None:
    """Of the whole file only the cells of grade and comment are others than before."""
    export = filled(HEADER + ADA + BO, run_of(from_moodle("Ada Grün", 101, PASSED)))

    comment = "<p>The one part is done. 4 of 4 points.</p><p>cnn_a: passed, 4 of 4.</p>"
    changed = ADA.replace(",,100.00", ",100,100.00").replace("-,-,\r", f'-,-,"{comment}"\r')
    assert (HEADER + changed + BO).encode() == export.worksheet.content
    assert 1 == export.worksheet.num_grades
    assert ("Roe, Bo",) == export.worksheet.without
    assert () == export.worksheet.left


def test_filled_twice() -> None:
    """Filling in what is there already changes nothing, however the number is written."""
    run = run_of(from_moodle("Ada Grün", 101, FAILED))
    once = filled(HEADER + ADA, run).worksheet.content.replace(b",25,", b",25.00,")

    assert once == fill(once, run, None, "").worksheet.content


@pytest.mark.parametrize(
    ("out_of", "grade", "told"),
    [
        (None, "25", "Points are scaled to 100.00, which stands in 'Maximum Grade'."),
        (10.0, "2.5", "Points are scaled to 10, as --out-of says."),
    ],
)
def test_scale(out_of: float | None, grade: str, told: str) -> None:
    """Grades are scaled to the worksheet's maximum or to --out-of, and it is said which."""
    export = filled(HEADER + ADA, run_of(from_moodle("Ada Grün", 101, FAILED)), out_of)

    assert [grade] == column(export, 4)
    assert told in export.worksheet.told


def test_decimal_comma() -> None:
    """Where the worksheet writes decimal commas, so do the grades."""
    worksheet = (HEADER + ADA).replace("100.00", '"10,00"')

    assert ["2,5"] == column(filled(worksheet, run_of(from_moodle("Ada Grün", 101, FAILED))), 4)


def test_who_is_left() -> None:
    """What Moodle refuses, what has no line and what the grader failed at is left and named."""
    too_good = replace(from_moodle("Ada Grün", 101, PASSED), score=4.5)
    run = run_of(
        too_good,
        from_moodle("Roe, Bo", 102, PASSED, TROUBLED),
        from_moodle("Cy Low", 103, PASSED),
        from_moodle("No One", 999, PASSED),
    )

    export = filled(HEADER + ADA + BO + LOCKED, run)

    assert (HEADER + ADA + BO + LOCKED).encode() == export.worksheet.content
    assert [
        "Ada Grün (ada_grün): 112.5 points are more than the maximum of 100",
        "Roe, Bo (roe_bo): the grader itself failed here",
        "Cy Low (cy_low): the worksheet says that this grade cannot be changed",
        "No One (no_one): no line of the worksheet is theirs",
    ] == [re.split(r"[.,] (?=and|Run)|[.]$", reason)[0] for reason in export.worksheet.left]


def test_number_of_a_group() -> None:
    """A group's number that is some student's by accident gives that student nothing."""
    export = filled(HEADER + ADA, run_of(from_moodle("Team", 101, PASSED)))

    assert (HEADER + ADA).encode() == export.worksheet.content
    assert {} == dict(export.folders)


@pytest.mark.parametrize(
    "student",
    [
        Student("somebody", None, "ADA@x.org"),
        Student("Grün, Ada"),
        Student(unicodedata.normalize("NFD", "Ada Grün")),
    ],
)
def test_from_elsewhere(student: Student) -> None:
    """A submission that is not from Moodle's download is found by address, else by name."""
    export = filled(HEADER + ADA + BO, run_of(grade_of(student, PASSED)))

    assert ["100", ""] == column(export, 4)


def test_handed_in_together() -> None:
    """Everyone named with a submission from elsewhere gets its grade, and a page of their own."""
    worksheet = (
        "Identifier,Full name,ID number,Email address,Grade,Maximum Grade,Feedback comments\r\n"
        "Participant 101,Ada Grün,,ada@x.org,,100.00,\r\n"
        'Participant 102,"Roe, Bo",12,bo@x.org,,100.00,\r\n'
        "Participant 103,Cy Low,13,,,100.00,\r\n"
    )
    members = (Student("?", email="ADA@x.org"), Student("?", "0012"), Student("No One"))
    hand_in = HandIn(System.GRADESCOPE, "submission_1", members=members)
    run = run_of(grade_of("Ada and others", PASSED, submission="s", hand_in=hand_in))

    export = filled(worksheet, run)

    assert ["100", "100", ""] == column(export, 4)
    assert ("Ada and others (s): no line of the worksheet is theirs.",) == export.worksheet.left
    assert ("Cy Low",) == export.worksheet.without
    folders = ("Ada Grün_101_assignsubmission_file", "Roe, Bo_102_assignsubmission_file")
    assert {"s": folders} == dict(export.folders)


def test_group_of_which_one_handed_in_alone() -> None:
    """The others get the group's grade; that one's line stays, and both are named."""
    header = HEADER.replace("Status,", "Status,Group,")
    rows = [row.replace("Submitted,", "Submitted,Team,") for row in (ADA, BO)]
    run = run_of(from_moodle("Team", 77, PASSED), from_moodle("Roe, Bo", 102, FAILED))

    export = filled(header + "".join(rows), run)

    assert ["100", ""] == column(export, 5)
    assert (
        "Roe, Bo: another submission than Team (team) is theirs as well.",
        "Roe, Bo (roe_bo): another submission belongs to the same line: Roe, Bo.",
    ) == export.worksheet.left
    assert {"team": ("Ada Grün_101_assignsubmission_file",)} == dict(export.folders)


def test_two_with_one_name() -> None:
    """Two students of one name are told apart by number, and else left, with both named."""
    twins = HEADER + ADA + ADA.replace("101", "105").replace("ada@", "ada2@")

    by_number = filled(twins, run_of(from_moodle("Ada Grün", 105, PASSED)))
    by_name = filled(twins, run_of(grade_of("Ada Grün", PASSED)))

    assert ["", "100"] == column(by_number, 4)
    assert ["", ""] == column(by_name, 4)
    assert (
        "several lines could be meant: Ada Grün, Ada Grün." in by_name.worksheet.left[0]
    ) is True


def test_comment_is_html() -> None:
    """Comments are HTML in which nothing of the text is markup, on one line, without quotes."""
    grade = replace(
        from_moodle("Ada Grün", 101, FAILED),
        adjustments=(Adjustment("cnn_a", -0.5, 'late \\ "<b>"', "2026-01-01"),),
    )

    comment = column(filled(HEADER + ADA, run_of(grade)), 9)[0]

    assert "padding=&quot;same&quot; keeps &lt;48 x 48&gt;." in comment
    assert "0.5 points less. late &#92; &quot;&lt;b&gt;&quot;</p>" in comment
    assert not {'"', "\n", "\\"} & set(comment)


def test_unknown_language() -> None:
    """In a language that is not known the columns are found by what stands in them."""
    worksheet = (
        "Tunniste,Nimi,Tila,Arvosana,Enimmäisarvosana,Muutettavissa,Muokattu,Palaute\n"
        "Osallistuja 101,Ada Grün,x,,20,Kyllä,-,\n"
        "Osallistuja 102,Bo Roe,x,12,20,Kyllä,-,\n"
    )
    # the name is in no known column, so that the number has to do with the word for `participant`
    run = run_of(from_moodle("Osallistuja", 102, FAILED))

    export = filled(worksheet, run)

    assert ["", "5"] == column(export, 3)
    assert column(export, 7)[1].startswith("<p>")
    assert any("in the worksheet, 1 are replaced" in line for line in export.worksheet.told)


@pytest.mark.parametrize(
    ("worksheet", "words"),
    [
        ("Tunniste,Arvosana,Tila\nOsallistuja 1,,x\n", "in which column the grades are"),
        (HEADER.replace("Identifier", "Who") + ADA[12:], "in which column the number of each"),
        (
            'ID,Bewertung,Skala,x\nTeilnehmer/in101,,"nicht bestanden\nbestanden",-\n',
            "graded by a scale ('Skala')",
        ),
    ],
)
def test_uncertain_columns(worksheet: str, words: str) -> None:
    """A worksheet whose columns are not certain is refused, with the columns that there are."""
    with pytest.raises(UsageError, match=re.escape(words)):
        filled(worksheet, run_of(grade_of("Ada Grün")))


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("Ada Grün_101_assignsubmission_file", "Ada Grün_101_assignsubmission_file"),
        ("Ada Grün_101_assignsubmission_file_", "Ada Grün_101_assignsubmission_file_"),
        ("Ada Grün_101_assignsubmission_onlinetext", "Ada Grün_101_assignsubmission_onlinetext"),
        ("Ada Grün_7_assignsubmission_file", "Ada Grün_101_assignsubmission_file"),
    ],
)
def test_folder_of_feedback(folder: str, expected: str) -> None:
    """Pages go back into the download's folder; one with another's number is not used again."""
    student = Student("Ada Grün", email="ada@x.org")
    grade = grade_of(student, PASSED, hand_in=HandIn(System.MOODLE, folder))

    assert {"ada_grün": (expected,)} == dict(filled(HEADER + ADA, run_of(grade)).folders)


names = st.text(st.characters(codec="utf-8", categories=["L", "M", "N", "P", "S"]), min_size=1)


@settings(max_examples=60)
@given(st.lists(st.tuples(names, names), min_size=1, max_size=4), st.booleans())
def test_any_name(people: list[tuple[str, str]], semicolon: bool) -> None:  # noqa: FBT001
    """Whatever the names: who is found gets a grade, and all other cells stay as they were."""
    rows = [
        [f"Participant {number}", f"{first} {last}", "", "10", "Yes", "-", ""]
        for number, (first, last) in enumerate(people, 1)
    ]
    header = "Identifier,Full name,Grade,Maximum grade,Grade can be changed,x,Feedback comments"
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";" if semicolon else ",")
    writer.writerows([header.split(","), *rows])
    run = run_of(
        *[
            replace(from_moodle(f"{first} {last}", number, FAILED), submission=str(number))
            for number, (first, last) in enumerate(people, 1)
            if "/" not in first + last and "\\" not in first + last
        ]
    )

    export = filled(written.getvalue(), run)

    again = read_table(export.worksheet.content, "ours.csv")
    for row, cells in zip(rows, again.rows[1:], strict=True):
        assert [row[0], row[1], *row[3:6]] == [cells[n].text for n in (0, 1, 3, 4, 5)]
        assert cells[2].text in {"", "2.5"}
    assert len(export.worksheet.left) + export.worksheet.num_grades == len(run.grades)
