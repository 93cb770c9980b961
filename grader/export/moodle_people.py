"""Telling: by what a hand-in and a line of Moodle's worksheet are known to be one student's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from grader.export.matching import Keys, key, name_key, number_key
from grader.export.moodle_columns import PeopleColumns, participant
from grader.export.splicing import Table
from grader.records import HandIn, Student, System

# mod/assign/classes/downloader.php: <name>_<number>_assignsubmission_<kind>; the last such token
# counts, since names of students come first.
_FOLDER = re.compile(r"([^/\\\x00-\x1f]*)_(\d+)_assignsubmission_(?:file|onlinetext)_?")


def hand_in_keys(student: Student, hand_in: HandIn | None) -> list[Keys]:
    """For everyone who handed in together, where their names are known; else for the one name.

    The last kind is that of groups.
    """
    if hand_in is not None and hand_in.members:
        return [_keys(member.name, member) for member in hand_in.members]
    if hand_in is not None and hand_in.system is not System.GRADESCOPE:
        student = replace(student, id=None)  # a platform's own number, no student's
        if match := _FOLDER.fullmatch(hand_in.name):
            return [_keys(match[1], student, match[2])]
    return [_keys(student.name, student)]


def row_keys(table: Table, row: int, columns: PeopleColumns) -> Keys:
    """The keys of a line."""
    word, number = participant(table, row, columns)
    name = table.cell(row, columns.name)
    id_number = table.cell(row, columns.id_number)
    # In a blind download the folder is called by the identifier's word in the name's place.
    return (
        _numbered(number, [name, word] if name else [word]),
        key(table.cell(row, columns.email)),
        key(id_number),
        number_key(id_number),
        name_key(name),
        name_key(table.cell(row, columns.group)),
    )


def is_folder_of(folder: str, table: Table, row: int, columns: PeopleColumns) -> bool:
    """Whether the download's folder holds the number and name of the student in this line."""
    match = _FOLDER.fullmatch(folder)
    return bool(match and _numbered(match[2], [match[1]]) & row_keys(table, row, columns)[0])


def _keys(name: str, student: Student, number: str = "") -> Keys:
    """Number with name, address, id, id without zeros before it, name, name of the group."""
    return (
        _numbered(number, [name]),
        key(student.email),
        key(student.id),
        number_key(student.id),
        name_key(name),
        name_key(name),
    )


def _numbered(number: str, names: Sequence[str]) -> frozenset[str]:
    """The participant's number together with a name.

    Alone it proves nothing: the folders of groups hold the group's number in the same place.
    """
    keys = [folded for name in names for folded in name_key(name)]
    return frozenset(f"{number} {folded}" for folded in keys if number)
