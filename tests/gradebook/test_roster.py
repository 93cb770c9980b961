"""The roster: read as spreadsheets and LMSs write it, and matched without guessing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.gradebook import Gradebook, read_roster
from grader.gradebook.matching import match
from grader.records import Grade, HandIn, Student, System, Unclear
from tests.gradebook.conftest import grade, part_grade

JANE, MAX = Student("Jane Doe", "17", "jane@x.org"), Student("Max Müller", "18", None)


@pytest.fixture
def write(tmp_path: Path) -> Callable[[bytes], Path]:
    """Return a function that writes roster.csv."""

    def _write(content: bytes) -> Path:
        path = tmp_path / "roster.csv"
        path.write_bytes(content)
        return path

    return _write


def handed_in(*students: Student) -> list[Grade]:
    """A grade for each of these, with the ids s0, s1 and so on."""
    return [
        Grade(f"s{number}", student, 0.0, 1.0, (), "") for number, student in enumerate(students)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "name,id,email\nJane Doe,17,jane@x.org\nMax Müller,18,\n",
        "\ufeffName;Matrikelnummer;E-Mail\r\nJane Doe;17;jane@x.org\r\nMax Müller;18;\r\n",
        "Vorname;Nachname;ID-Nummer;E-Mail-Adresse;Gruppe\nJane;Doe;17;jane@x.org;a\nMax;Müller;18",
        'Email address,ID number,"Full name"\njane@x.org,17,"Jane Doe"\n,18,Max Müller\n,,\n\n',
        "First name\tSurname\tStudent ID\tMail\nJane\tDoe\t17\tjane@x.org\nMax\tMüller\t18\t",
        (
            'ID,"Vollständiger Name",ID-Nummer,E-Mail-Adresse,Bewertung,Bestwertung\n'
            'Teilnehmer/in1,"Jane Doe",17,jane@x.org,,"100,00"\nTeilnehmer/in2,Max Müller,18,,,\n'
        ),
    ],
)
def test_spellings_of_a_list(write: Callable[[bytes], Path], text: str) -> None:
    """English and German headers, any order, a BOM, commas, semicolons, tabs, empty lines."""
    assert (JANE, MAX) == read_roster(write(text.encode()))


def test_as_a_spreadsheet_program_saves_it(write: Callable[[bytes], Path]) -> None:
    """A file in Windows' western code page is read too."""
    assert (Student("Max Müller"),) == read_roster(write("Name\nMax Müller\n".encode("cp1252")))


def test_without_names(write: Callable[[bytes], Path]) -> None:
    """Where only ids and addresses are listed, they stand for the name; a student counts once."""
    path = write(b"id,email\n17,jane@x.org\n18,\n18,\n")

    assert (Student("jane@x.org", "17", "jane@x.org"), Student("18", "18")) == read_roster(path)


@pytest.mark.parametrize("content", [b"", b"\n", b"Jane Doe\nMax\n", b"\xff\xfeN\0a\0m\0e\0\n\0"])
def test_no_roster(write: Callable[[bytes], Path], content: bytes) -> None:
    """A file without a header that is understood is refused, with a header to write."""
    with pytest.raises(UsageError, match=r"roster\.csv .*Expected: a first line .*name,id,email"):
        read_roster(write(content))


def test_no_file(tmp_path: Path) -> None:
    """A path without a file is named."""
    with pytest.raises(UsageError, match=r"none\.csv could not be read"):
        read_roster(tmp_path / "none.csv")


@pytest.mark.parametrize(
    "submitted",
    [
        Student("somebody", "17"),
        Student("17"),
        Student("somebody", None, "JANE@x.org"),
        Student("jane@x.org"),
        Student("jane  doe"),
        Student("Jane_Doe"),
        Student("Doe, Jane"),
    ],
)
def test_found_by_id_address_or_name(submitted: Student) -> None:
    """Each of the three is enough, whatever the case; a folder may be named by any of them."""
    assert ((MAX,), ()) == _result([JANE, MAX], handed_in(submitted))


@pytest.mark.parametrize(
    "submitted",
    [Student("Jane"), Student("Jane Doe", "99"), Student("janedoe"), Student("117"), Student("")],
)
def test_nothing_is_guessed(submitted: Student) -> None:
    """A part of a name, and an equal name with another id, are somebody else."""
    assert ((JANE, MAX), ()) == _result([JANE, MAX], handed_in(submitted))


def test_two_of_one_name() -> None:
    """With one submission of that name it is unclear whose it is, unless an id says so."""
    twin = Student("Jane Doe", "27")
    unclear = (Unclear(JANE, ("s0",)), Unclear(twin, ("s0",)))

    assert ((), unclear) == _result([JANE, twin], handed_in(Student("Jane Doe")))
    assert ((twin,), ()) == _result([JANE, twin], handed_in(Student("Jane Doe", "17")))


def test_two_submissions_of_one_name() -> None:
    """Which of the two is the student's cannot be told, and both are named."""
    found = _result([JANE], handed_in(Student("Jane Doe"), Student("jane doe")))

    assert ((), (Unclear(JANE, ("s0", "s1")),)) == found


@pytest.mark.parametrize(("listed", "known"), [("17", "0017"), ("0017", "17")])
def test_zeros_that_a_spreadsheet_lost(listed: str, known: str) -> None:
    """They make no other number, where there is only one that it can be."""
    listed_ones = [Student("Jane Doe", listed)]
    twins = [*listed_ones, Student("Jo Doe", f"00{listed}")]

    assert ((), ()) == _result(listed_ones, handed_in(Student("?", known)))
    assert ((), ()) == _result(listed_ones, handed_in(Student("jane doe", known)))
    unclear = tuple(Unclear(twin, ("s0",)) for twin in twins)
    assert ((), unclear) == _result(twins, handed_in(Student("?", f"000000{known}")))


def test_number_of_a_platform() -> None:
    """Moodle's number of a participant is no student's, whomever it happens to belong to."""
    hand_in = HandIn(System.MOODLE, "Max Müller_17_assignsubmission_file")
    (graded,) = handed_in(Student("Max Müller", "17"))

    assert ((JANE,), ()) == _result([JANE, MAX], [replace(graded, hand_in=hand_in)])


def test_members_of_a_group() -> None:
    """All who handed in together did hand in."""
    together = HandIn(System.GRADESCOPE, "submission_1", members=(JANE, Student("max müller")))
    (graded,) = handed_in(Student("Jane Doe and Max Müller"))

    assert ((), ()) == _result([JANE, MAX], [replace(graded, hand_in=together)])


def test_remembered(book: Gradebook) -> None:
    """The roster is there in later runs, until another one is given; the run says who is missing.

    Without a roster nobody is missing.
    """
    book.keep_grade(grade("ada", part_grade("fc_a")))
    before = book.run().missing
    book.set_roster([JANE, MAX])
    book.set_roster([Student("Ada"), MAX])

    assert () == before
    assert (MAX,) == book.run().missing


def _result(
    students: list[Student], grades: list[Grade]
) -> tuple[tuple[Student, ...], tuple[Unclear, ...]]:
    found = match(students, grades)
    return found.missing, found.unclear
