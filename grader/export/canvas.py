"""Telling: Canvas' gradebook export with grades in the column of one assignment."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from grader.errors import UsageError
from grader.export.matching import Keys, key, name_key, number_key, placed
from grader.export.numbers import points_text, read_number
from grader.export.scaling import share
from grader.export.splicing import Table, read_table, spliced
from grader.export.worksheets import Filled, is_certain, uncertain, unplaced
from grader.records import Grade, HandIn, Run, Student, System
from grader.text import printable_name

# lib/gradebook_importer.rb: an assignment is known by the number in brackets; a column without it
# whose title is no assignment's would become a new assignment.
_ASSIGNMENT = re.compile(r"(.*)\s\((\d+)\)", re.DOTALL)
_USER = re.compile(r".*_(\d+)", re.DOTALL)
_NO_STUDENT = re.compile(r"\s*(Points Possible|Muted|Manual Posting)", re.IGNORECASE)
_KEPT = {"ex": "excused", "n/a": "not assigned"}


@dataclass(frozen=True)
class _Columns:
    """The places of the columns; those of students' names in the order `Last, First`."""

    names: tuple[int, ...]
    user: int
    sis_user: int | None
    sis_login: int | None
    assignment: int


def fill(
    content: bytes, run: Run, out_of: float | None, source: str, titles: Collection[str] = ()
) -> Filled:
    """The run's points in the bytes of a gradebook export, which errors call `source`.

    The column is the only assignment's, else the one that is called by one of `titles`. Points are
    scaled to `out_of`, else to the points possible, else not at all. `EX` and `N/A` stay. Raises
    UsageError for what is no gradebook, and where it is not certain which column is meant.
    """
    table = read_table(content, source)
    form = _Form(table, _find_columns(table, source, titles), out_of)
    hand_ins = [(grade, keys) for grade in run.grades for keys in _hand_in_keys(grade)]
    placements = placed(
        [keys for _, keys in hand_ins],
        [_row_keys(table, row, form.columns) for row in form.students],
    )
    left, taken = [], set()
    for (grade, _), placement in zip(hand_ins, placements, strict=True):
        rows = [form.students[row] for row in placement.rows]
        taken |= set(rows)
        if placement.trouble is not None:
            left.append(unplaced(grade, placement, [form.name(row) for row in rows]))
        elif not is_certain(grade):
            left.append(uncertain(grade))
        elif reason := form.enter(rows[0], grade):
            left.append(f"{form.name(rows[0])}: {reason}.")
    return Filled(
        content=spliced(table, form.values),
        num_grades=form.num_grades,
        told=tuple(form.told()),
        left=tuple(dict.fromkeys(left)),
        without=tuple(form.name(row) for row in form.students if row not in taken),
    )


class _Form:
    """A gradebook that is being filled in; `students` are the rows of students."""

    def __init__(self, table: Table, columns: _Columns, out_of: float | None) -> None:
        self.columns = columns
        self.students = [
            row for row in range(1, len(table.rows)) if _is_student(table, row, columns)
        ]
        self.values: dict[tuple[int, int], str] = {}
        self.num_grades = 0
        self._table = table
        self._out_of = out_of
        self._possible = read_number(_points_possible(table, columns.assignment)) or None
        cells = [table.cell(row, columns.assignment) for row in range(1, len(table.rows))]
        self._comma = any("," in cell for cell in cells if read_number(cell) is not None)

    def name(self, row: int) -> str:
        """The student of a row, as Canvas sorts them."""
        cells = (self._table.cell(row, place) for place in self.columns.names)
        return printable_name(", ".join(cells))

    def enter(self, row: int, grade: Grade) -> str:
        """Enter a grade in a row; "" when done, else why not."""
        num_cells, num_columns = len(self._table.rows[row]), len(self._table.rows[0])
        if num_cells != num_columns:
            # a title whose comma lost its quotes, say: what stands below it is another column's
            return f"their line in the gradebook has {num_cells} cells, its header {num_columns}"
        cell = self._table.cell(row, self.columns.assignment)
        if meaning := _KEPT.get(cell.casefold()):
            return f"the gradebook says {cell} ({meaning}), which stays"
        scale = self._out_of or self._possible
        points = grade.score if scale is None else share(grade) * scale
        text = points_text(points, comma=self._comma)
        if read_number(cell) != read_number(text):
            self.values[row, self.columns.assignment] = text
        self.num_grades += 1
        return ""

    def told(self) -> Iterator[str]:
        """What was chosen while filling it in."""
        yield f"The column is '{printable_name(self._table.cell(0, self.columns.assignment))}'."
        if self._out_of is not None:
            yield f"Points are scaled to {points_text(self._out_of)}, as --out-of says."
        elif self._possible is not None:
            yield f"Points are scaled to {points_text(self._possible)}, the points possible."
        else:
            yield "Points are the grader's own: the gradebook names no points possible."


def _find_columns(table: Table, source: str, titles: Collection[str]) -> _Columns:
    headers = [table.cell(0, place) for place in range(len(table.rows[0]))]
    names: tuple[int, ...] = (0, 1) if headers[:2] == ["LastName", "FirstName"] else (0,)
    places = {header: place for place, header in reversed(list(enumerate(headers)))}
    first_headers = [*headers, "", ""][len(names) - 1 : len(names) + 1]
    if first_headers not in (["Student", "ID"], ["FirstName", "ID"]) or "Section" not in places:
        raise UsageError(
            f"{source}: this is no gradebook of Canvas': its columns begin with Student, ID and "
            "end the facts about students with Section. In Canvas: Grades, Export, Export Entire "
            "Gradebook."
        )
    return _Columns(
        names=names,
        user=len(names),
        sis_user=places.get("SIS User ID"),
        sis_login=places.get("SIS Login ID"),
        assignment=_assignment(table, places["Section"], source, titles),
    )


def _assignment(table: Table, section: int, source: str, titles: Collection[str]) -> int:
    """The one column that is meant; those without a number or points of their own never are."""
    candidates: dict[int, str] = {}
    for place in range(section + 1, len(table.rows[0])):
        header = _ASSIGNMENT.fullmatch(table.rows[0][place].text)
        points = _points_possible(table, place)
        if header and (not points or read_number(points) is not None):
            candidates[place] = header[1]
    if not candidates:
        raise UsageError(
            f"{source}: there is no column of an assignment, which would be called like "
            "`Homework 1 (12345)`. Create the assignment in Canvas, and export the gradebook anew."
        )
    wanted = {_title(title) for title in titles}
    named = [place for place, title in candidates.items() if _title(title) in wanted]
    meant = list(candidates) if len(candidates) == 1 else named
    if len(meant) != 1:
        listed = "\n".join(f"  {table.cell(0, place)}" for place in candidates)
        raise UsageError(
            f"{source}: it is not certain which assignment is meant:\n{listed}\n"
            "Delete the columns of the others from a copy of the file (Canvas leaves alone what is "
            "not in it), and give that with --worksheet."
        )
    return meant[0]


def _title(title: str) -> str:
    return "".join(c for c in title.casefold() if c.isalnum())


def _points_possible(table: Table, column: int) -> str:
    """What stands in the row of points possible; "" without such a row."""
    rows = range(1, len(table.rows))
    found = next((row for row in rows if "Points Possible" in table.cell(row, 0)), None)
    return "" if found is None else table.cell(found, column)


def _is_student(table: Table, row: int, columns: _Columns) -> bool:
    known = (*columns.names, columns.user)
    first = table.cell(row, 0)
    return any(table.cell(row, place) for place in known) and not _NO_STUDENT.match(first)


def _hand_in_keys(grade: Grade) -> list[Keys]:
    """For everyone who handed in together: user, SIS user, SIS login, name."""
    hand_in = grade.hand_in
    members = hand_in.members if hand_in is not None and hand_in.members else (grade.student,)
    return [_student_keys(student, hand_in) for student in members]


def _student_keys(student: Student, hand_in: HandIn | None) -> Keys:
    none = key(None)
    if hand_in is not None and hand_in.system is System.CANVAS:
        match = None if hand_in.name.startswith("anon_") else _USER.fullmatch(hand_in.name)
        return (key(match[1] if match else None), none, key(student.email), none, none)
    if hand_in is not None and hand_in.system is System.MOODLE:
        # Its number is of Moodle's participant, and may be some student's here.
        return (none, none, key(student.email), none, name_key(student.name))
    return (
        none,
        key(student.id),
        key(student.id) | key(student.email),
        number_key(student.id),
        name_key(student.name),
    )


def _row_keys(table: Table, row: int, columns: _Columns) -> Keys:
    sis_user, sis_login = table.cell(row, columns.sis_user), table.cell(row, columns.sis_login)
    return (
        key(table.cell(row, columns.user)),
        key(sis_user),
        key(sis_login),
        number_key(sis_user) | number_key(sis_login),
        name_key(" ".join(table.cell(row, place) for place in columns.names)),
    )
