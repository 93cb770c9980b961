"""Telling: which column of Moodle's grading worksheet is which, in whatever language it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from grader.errors import UsageError
from grader.export.matching import key
from grader.export.numbers import read_number
from grader.export.splicing import Table

# mod/assign/gradingtable.php writes the headers in the teacher's language, and
# mod/assign/feedback/offline/importgradeslib.php finds the columns again by the same words, so that
# they stay as they are. Words of Moodle's language packs en, de, fr, es, it, nl, pt, ca and gl.
_HEADERS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        field: frozenset(words.casefold().split("|"))
        for field, words in {
            "identifier": "Identifier|ID|Identifikator|Identifiant|Identificador|Identificativo"
            "|Identificatie",
            "name": "Full name|Vollständiger Name|Nom complet|Nombre completo|Nome completo"
            "|Volledige naam",
            "email": "Email address|E-mail address|E-Mail-Adresse|Adresse de courriel"
            "|Dirección de correo|Correo electrónico|Indirizzo email|E-mailadres"
            "|Endereço de email|Endereço de e-mail|Adreça electrònica|Enderezo de correo",
            "id_number": "ID number|ID-Nummer|Matrikelnummer|Numéro d'identification|Número de ID"
            "|Codice identificativo|Número de identificação|Número ID",
            "group": "Group|Gruppe|Groupe|Grupo|Gruppo|Groep|Grup",
            "grade": "Grade|Bewertung|Note|Calificación|Valutazione|Cijfer|Beoordeling|Nota"
            "|Avaliação|Qualificació|Cualificación",
            "maximum": "Maximum grade|Bestwertung|Note maximale|Calificación máxima"
            "|Valutazione massima|Punteggio massimo|Maximaal cijfer|Nota máxima"
            "|Qualificació màxima|Cualificación máxima",
            "scale": "Scale|Skala|Barème|Escala|Scala|Schaal",
            "changeable": "Grade can be changed|Bewertung kann geändert werden"
            "|La note peut être modifiée|La calificación puede ser cambiada"
            "|La calificación puede cambiarse|La valutazione può essere cambiata"
            "|Het cijfer kan gewijzigd worden|Nota pode ser alterada|A nota pode ser alterada."
            "|La qualificació es pot canviar|A cualificación pode seren cambiada",
            "submitted": "Last modified (submission)|Zuletzt geändert (Abgabe)",
            "feedback": "Feedback comments|Feedback als Kommentar|Feedback par commentaires"
            "|Comentarios de retroalimentación|Commenti|Commenti di feedback|Feedback"
            "|Comentários de feedback|Comentaris de la retroacció|Comentaris de retroacció",
        }.items()
    }
)
_NO = frozenset({"no", "nein", "non", "nee", "não"})
_WORD = re.compile(r"[^\W\d][^\d@]*")
_IDENTIFIER = re.compile(r"(.*?)(\d+)", re.DOTALL)
_HELP = (
    "Download the grading worksheet anew (in Moodle: all submissions, then `Download grading "
    "worksheet`), with your language in Moodle set to English, and import it in the same language."
)


@dataclass(frozen=True)
class PeopleColumns:
    """The places of columns that tell whose a line is; None for those that there are not."""

    identifier: int
    name: int | None
    email: int | None
    id_number: int | None
    group: int | None


@dataclass(frozen=True)
class Columns(PeopleColumns):
    """The places of these columns and of those that are filled in."""

    grade: int
    maximum: int | None
    changeable: int | None
    feedback: int | None


def find_columns(table: Table, source: str) -> Columns:
    """The columns by the words of their headers, else by what stands in them.

    Raises UsageError where identifier or grade are not found for certain, and for an assignment
    that is graded by a scale.
    """
    found = _by_header(table)
    if found["scale"] and not found["maximum"]:
        raise UsageError(
            f"{source}: this assignment is graded by a scale ('"
            f"{table.cell(0, found['scale'][0])}'), which takes words and no points. Choose "
            "points in the assignment's settings, and download the worksheet anew."
        )
    grade, maximum = _only(found["grade"]), _only(found["maximum"])
    if maximum is None:
        rated = _places(table, _same_number)
        maximum = _only([place for place in rated if _is_maximum_of(table, place, grade)])
    if grade is None and maximum:
        grade = maximum - 1
    identifier = _only(found["identifier"] or _places(table, _numbered))
    for place, meaning in ((identifier, "number of each participant"), (grade, "grades")):
        if place is None:
            listed = ", ".join(f"'{cell.text.strip()}'" for cell in table.rows[0])
            raise UsageError(
                f"{source}: it is not certain in which column the {meaning} are; there are "
                f"{listed}. {_HELP}"
            )
    assert identifier is not None and grade is not None  # noqa: S101, PT018 - said above
    return Columns(
        identifier=identifier,
        grade=grade,
        name=_only(found["name"]),
        email=_only(found["email"]),
        id_number=_only(found["id_number"]),
        group=_only(found["group"]),
        maximum=maximum,
        changeable=_only(found["changeable"]),
        feedback=_only(found["feedback"] or _last_if_empty(table, grade)),
    )


def find_submitted(table: Table) -> tuple[PeopleColumns, int] | None:
    """Where people are, and when they handed in; None where headers do not name both for certain.

    Unlike `find_columns` it takes any list, which may be no worksheet.
    """
    found = _by_header(table)
    identifier, submitted = _only(found["identifier"]), _only(found["submitted"])
    if identifier is None or submitted is None:
        return None
    people = PeopleColumns(
        identifier=identifier,
        name=_only(found["name"]),
        email=_only(found["email"]),
        id_number=_only(found["id_number"]),
        group=_only(found["group"]),
    )
    return people, submitted


def _by_header(table: Table) -> dict[str, list[int]]:
    """The places of the columns whose headers are known words, by field."""
    headers = [" ".join(cell.text.split()).casefold() for cell in table.rows[0]]
    return {
        field: [place for place, header in enumerate(headers) if header in words]
        for field, words in _HEADERS.items()
    }


def participant(table: Table, row: int, columns: PeopleColumns) -> tuple[str, str]:
    """The identifier in two: what stands before the participant's number, and the number.

    >>> `Teilnehmer/in1327670` is ("Teilnehmer/in", "1327670")
    """
    match = _IDENTIFIER.fullmatch(table.cell(row, columns.identifier))
    return (match[1].strip(), match[2]) if match else ("", "")


def is_locked(table: Table, row: int, columns: Columns) -> bool:
    """Whether the worksheet says that Moodle will not take another grade for this row."""
    return bool(key(table.cell(row, columns.changeable)) & _NO)


def _only(places: list[int]) -> int | None:
    return places[0] if len(places) == 1 else None


def _places(table: Table, fits: Callable[[list[str]], bool]) -> list[int]:
    """The columns whose cells below the header look as they should."""
    rows = range(1, len(table.rows))
    columns = range(len(table.rows[0]))
    return [place for place in columns if fits([table.cell(row, place) for row in rows])]


def _same_number(cells: list[str]) -> bool:
    number = read_number(cells[0]) if cells else None
    return number is not None and number > 0 and len(set(cells)) == 1


def _is_maximum_of(table: Table, place: int, grade: int | None) -> bool:
    """Whether this column stands beside the grades: empty cells, or numbers up to this one."""
    if grade is not None or place == 0:
        return grade is not None and place == grade + 1
    most = read_number(table.cell(1, place)) or 0.0
    before = [table.cell(row, place - 1) for row in range(1, len(table.rows))]
    grades = [read_number(cell) for cell in before if cell]
    return all(number is not None and number <= most for number in grades)


def _numbered(cells: list[str]) -> bool:
    """Whether these are identifiers: one word for all, and a number that is another for each."""
    parts = [_IDENTIFIER.fullmatch(cell) for cell in cells]
    return (
        bool(cells)
        and len({part[1] if part else None for part in parts}) == 1
        and all(part is not None and _WORD.fullmatch(part[1]) for part in parts)
        and len(set(cells)) == len(cells)
    )


def _last_if_empty(table: Table, grade: int) -> list[int]:
    """The last column where comments stand, if it is empty: the time of grading says `-`."""
    last = len(table.rows[0]) - 1
    empty = all(not table.cell(row, last) for row in range(1, len(table.rows)))
    return [last] if empty and last > grade + 1 else []
