"""Telling: Moodle's grading worksheet, filled in, and the folders of its feedback files."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from grader import messages
from grader.export.matching import placed
from grader.export.moodle_columns import Columns, find_columns, is_locked, participant
from grader.export.moodle_people import hand_in_keys, is_folder_of, row_keys
from grader.export.numbers import points_text, read_number
from grader.export.scaling import share
from grader.export.splicing import Table, read_table, separator_name, spliced
from grader.export.worksheets import Filled, contested, is_certain, uncertain, unplaced
from grader.records import Grade, Run
from grader.text import printable_name

PAGE = "report.html"


@dataclass(frozen=True)
class MoodleExport:
    """The filled worksheet, and the folders in which each submission's page goes back."""

    worksheet: Filled
    folders: Mapping[str, tuple[str, ...]]


def fill(content: bytes, run: Run, out_of: float | None, source: str) -> MoodleExport:
    """Grades and comments of the run in the bytes of a worksheet, which errors call `source`.

    Points are scaled to `out_of`, else to the worksheet's maximum, else not at all. What cannot be
    entered for certain is left as it was, and told. Raises UsageError for what is no worksheet.
    """
    table = read_table(content, source)
    columns = find_columns(table, source)
    numbers = range(1, len(table.rows))
    hand_ins = [
        (grade, keys) for grade in run.grades for keys in hand_in_keys(grade.student, grade.hand_in)
    ]
    placements = placed(
        [keys for _, keys in hand_ins],
        [row_keys(table, row, columns) for row in numbers],
        has_groups=True,
    )
    form = _Form(table, columns, out_of)
    folders: dict[str, tuple[str, ...]] = {}
    left, taken = [], set()
    for (grade, _), placement in zip(hand_ins, placements, strict=True):
        rows = [row + 1 for row in placement.rows]
        claimed = [row + 1 for row in placement.claimed]
        taken |= {*rows, *claimed}
        if placement.trouble is not None:
            left.append(unplaced(grade, placement, [form.name(row) for row in rows]))
            continue
        if not is_certain(grade):
            left.append(uncertain(grade))
            continue
        left += [contested(grade, form.name(row)) for row in claimed]
        before = folders.get(grade.submission, ())
        folders[grade.submission] = (*before, *_folders(grade, rows, form))
        left += [reason for row in rows if (reason := form.enter(row, grade))]
    without = [form.name(row) for row in numbers if row not in taken]
    filled = Filled(
        content=spliced(table, form.values),
        num_grades=form.num_grades,
        told=tuple(form.told()),
        left=tuple(dict.fromkeys(left)),
        without=tuple(without),
    )
    return MoodleExport(filled, folders)


class _Form:
    """A worksheet that is being filled in."""

    def __init__(self, table: Table, columns: Columns, out_of: float | None) -> None:
        self.table = table
        self.columns = columns
        self.values: dict[tuple[int, int], str] = {}
        self.num_grades = 0
        self._out_of = out_of
        self._num_replaced = 0
        numbers = [
            table.cell(row, column)
            for row in range(1, len(table.rows))
            for column in (columns.grade, columns.maximum)
        ]
        self._comma = any("," in text for text in numbers if read_number(text) is not None)

    def name(self, row: int) -> str:
        """What a row is called: the student's name, else the identifier."""
        cell = self.table.cell
        return cell(row, self.columns.name) or cell(row, self.columns.identifier)

    def enter(self, row: int, grade: Grade) -> str:
        """Enter a grade in a row; "" when done, else why not."""
        cells = self.table.rows[row]
        student = f"{printable_name(self.name(row))} ({printable_name(grade.submission)})"
        needed = max(self.columns.grade, self.columns.feedback or 0)
        if len(cells) <= needed:
            return f"{student}: their line in the worksheet is shorter than its header."
        if is_locked(self.table, row, self.columns):
            return f"{student}: the worksheet says that this grade cannot be changed."
        most = read_number(self.table.cell(row, self.columns.maximum))
        points = grade.score
        if (out_of := self._out_of or most) is not None:
            points = share(grade) * out_of
        text = points_text(points, comma=self._comma)
        if most is not None and (read_number(text) or 0.0) > most:
            return (
                f"{student}: {text} points are more than the maximum of "
                f"{points_text(most)}, and Moodle would pass them over."
            )
        old = self.table.cell(row, self.columns.grade)
        if read_number(old) != read_number(text):
            self.values[row, self.columns.grade] = text
            self._num_replaced += bool(old)
        if self.columns.feedback is not None:
            self.values[row, self.columns.feedback] = _comment(grade)
        self.num_grades += 1
        return ""

    def told(self) -> Iterable[str]:
        """What was chosen while filling it in."""
        header, maximum = self.table.rows[0], self.columns.maximum
        if self._out_of is not None:
            yield f"Points are scaled to {points_text(self._out_of)}, as --out-of says."
        elif maximum is not None:
            most = self.table.cell(1, maximum) if len(self.table.rows) > 1 else ""
            yield f"Points are scaled to {most}, which stands in '{header[maximum].text.strip()}'."
        else:
            yield "Points are the grader's own: the worksheet names no maximum."
        if self.columns.feedback is None:
            yield "No column for comments was found: grades alone are filled in."
        if self._num_replaced:
            yield f"Of grades that were in the worksheet, {self._num_replaced} are replaced."
        if (separator := separator_name(self.table)) != "comma":
            yield f"Cells are separated by {separator}s: choose `{separator}` when you import it."


def _comment(grade: Grade) -> str:
    """The comment as HTML, which is what Moodle keeps comments as, on one line."""
    lines = [html.escape(" ".join(line.split())) for line in messages.feedback_lines(grade)]
    # PHP's reader takes a backslash before a quotation mark for an escape
    return "".join(f"<p>{line}</p>" for line in lines).replace("\\", "&#92;")


def _folders(grade: Grade, rows: Sequence[int], form: _Form) -> Iterable[str]:
    """For each row the folder of which Moodle's importer reads the participant's number.

    That of the download where it is the student's; a group's holds the group's number, which
    Moodle would take for some student's.
    """
    for row in rows:
        _, number = participant(form.table, row, form.columns)
        known = grade.hand_in.name if grade.hand_in is not None else ""
        if is_folder_of(known, form.table, row, form.columns):
            yield known
        elif number:
            name = re.sub(r"[\x00-\x1f&<>\"`|':\\/*?_]+", " ", form.name(row)).strip()
            yield f"{name}_{number}_assignsubmission_file"
