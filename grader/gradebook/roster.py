"""Gradebook: the list of all students, from a CSV file, remembered."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from grader.errors import UsageError
from grader.gradebook.database import Database
from grader.gradebook.events import Kind, note
from grader.records import Student
from grader.records.encoding import storable

# Headers of columns, without all that is no letter, as Moodle, Canvas, Gradescope and people
# write them.
_COLUMNS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "name": frozenset({"name", "fullname", "student", "studentname", "vollständigername"}),
        "first": frozenset({"firstname", "givenname", "vorname", "vornamen"}),
        "last": frozenset({"lastname", "surname", "familyname", "nachname", "familienname"}),
        "id": frozenset(
            {"id", "idnumber", "sid", "sisuserid", "studentid", "studentnumber"}
            | {"idnummer", "matrikelnummer", "matrikelnr", "matrikel", "matriculationnumber"}
        ),
        "email": frozenset(
            {"email", "emailaddress", "mail", "mailaddress", "emailadresse", "mailadresse"}
        ),
    }
)
_EXPECTED = (
    "Expected: a first line with the names of the columns, such as name,id,email or "
    "Vorname;Nachname;Matrikelnummer;E-Mail"
)
_SEPARATORS = ",;\t"
# In Moodle's German worksheet the column `ID` has `Teilnehmer/in1327670`, which is no student's id.
_GRADE = "bewertung"


def read_roster(path: Path) -> tuple[Student, ...]:
    """The students that a CSV file lists, each once; raises UsageError for what is no such file."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} could not be read: {error.strerror}. {_EXPECTED}.") from error
    lines = io.StringIO(_text(content), newline="")
    first = lines.readline()
    separator = max(_SEPARATORS, key=first.count)
    lines.seek(0)
    try:
        header, *rows = list(csv.reader(lines, delimiter=separator)) or [[]]
    except csv.Error as error:
        raise UsageError(f"{path} is no CSV file: {error}. {_EXPECTED}.") from error
    columns = _columns(header)
    if not columns.keys() & {"name", "last", "id", "email"}:
        raise UsageError(f"{path} has no column for names, ids or addresses. {_EXPECTED}.")
    students = (_student(row, columns) for row in rows)
    return tuple(dict.fromkeys(student for student in students if student is not None))


def set_roster(database: Database, run: int | None, students: Sequence[Student]) -> None:
    """Remember the roster, in place of any before."""
    with database.transaction():
        database.write("DELETE FROM roster")
        database.write_all(
            "INSERT INTO roster (name, student_id, email) VALUES (?, ?, ?)",
            [
                (
                    storable(student.name),
                    None if student.id is None else storable(student.id),
                    None if student.email is None else storable(student.email),
                )
                for student in students
            ],
        )
        note(database, run, Kind.ROSTER, detail=f"{len(students)} students")


def roster(database: Database) -> tuple[Student, ...]:
    """The roster that is remembered, in its order; empty where none was ever given."""
    rows = database.rows("SELECT name, student_id, email FROM roster ORDER BY position")
    return tuple(Student(*row) for row in rows)


def _text(content: bytes) -> str:
    """UTF-8, or as spreadsheet programs in Western Europe write it."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _columns(header: Sequence[str]) -> dict[str, int]:
    """The places of the columns that are understood; the first of each kind counts."""
    found: dict[str, int] = {}
    titles = ["".join(c for c in title.casefold() if c.isalpha()) for title in header]
    is_worksheet = _GRADE in titles
    for place, letters in enumerate(titles):
        if is_worksheet and letters == "id":
            continue
        kind = next((kind for kind, titles in _COLUMNS.items() if letters in titles), None)
        if kind is not None:
            found.setdefault(kind, place)
    return found


def _student(row: Sequence[str], columns: Mapping[str, int]) -> Student | None:
    """The student of a line; None for one that names nobody."""
    cells = {
        kind: row[place].strip() if place < len(row) else "" for kind, place in columns.items()
    }
    whole = f"{cells.get('first', '')} {cells.get('last', '')}".strip()
    id_, email = cells.get("id") or None, cells.get("email") or None
    name = cells.get("name") or whole or email or id_
    return Student(name, id_, email) if name else None
