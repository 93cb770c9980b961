"""Telling, the other way round: what Moodle's worksheet says of hand-ins: when, and who of a group.

Moodle's download says neither. Whose line is whose is told as when grades are filled in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from grader.errors import UsageError
from grader.export.matching import Placement, name_key, placed
from grader.export.moodle_columns import PeopleColumns, find_submitted
from grader.export.moodle_people import hand_in_keys, row_keys
from grader.export.splicing import Table, read_table
from grader.messages import count
from grader.records import HandIn, Notice, Student, Submission, System
from grader.text import printable_name

# lang/en/langconfig.php, strftimedaydatetime: `Tuesday, 2 December 2025, 10:37 PM`; in American
# English `Tuesday, December 2, 2025, 10:37 PM`, in German `Dienstag, 2. Dezember 2025, 22:37`.
_TIME = re.compile(
    r"[^\W\d]+, (?:(?P<day>\d{1,2})\.? (?P<month>[^\W\d]+)"
    r"|(?P<us_month>[^\W\d]+) (?P<us_day>\d{1,2}),)"
    r" (?P<year>\d{4}), (?P<hour>\d{1,2}):(?P<minute>\d{2})(?: (?P<half>[AP]M))?",
    re.IGNORECASE,
)
_MONTHS = (
    ("january", "januar", "jänner"),
    ("february", "februar", "feber"),
    ("march", "märz"),
    ("april",),
    ("may", "mai"),
    ("june", "juni"),
    ("july", "juli"),
    ("august",),
    ("september",),
    ("october", "oktober"),
    ("november",),
    ("december", "dezember"),
)
_NUMBERS = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
_NO_TIME = frozenset({"", "-"})


@dataclass(frozen=True)
class Completed:
    """Submissions with what the worksheet says of them, and what is to be told about it."""

    submissions: tuple[Submission, ...]
    remarks: tuple[str, ...] = ()


def completed(
    submissions: Sequence[Submission], content: bytes, source: str, zone: ZoneInfo | None
) -> Completed:
    """Moodle's hand-ins with their times and members, where this is a worksheet that has them.

    The worksheet's times are those of a clock in the time `zone`; without one none is taken.
    """
    unchanged = Completed(tuple(submissions))
    if all(not _is_from_moodle(one) for one in submissions):
        return unchanged
    try:
        table = read_table(content, source)
    except UsageError:  # a list of names alone, say: as a roster it has been read already
        return unchanged
    found = find_submitted(table)
    if found is None:
        return unchanged
    columns, submitted = found
    reading = _Reading(table, columns, submitted, zone)
    moodles = [one for one in submissions if _is_from_moodle(one)]
    told = {one.id: new for one, new in zip(moodles, reading.told(moodles), strict=True)}
    return Completed(
        tuple(told.get(one.id, one) for one in submissions), tuple(reading.remarks(source))
    )


class _Reading:
    """A worksheet, and what of it could not be understood."""

    def __init__(
        self, table: Table, columns: PeopleColumns, submitted: int, zone: ZoneInfo | None
    ) -> None:
        self._table = table
        self._columns = columns
        self._submitted = submitted
        self._zone = zone
        self._foreign: list[str] = []
        self._num_without_zone = 0

    def told(self, submissions: Sequence[Submission]) -> Iterable[Submission]:
        """The submissions with what their lines say."""
        rows = [
            row_keys(self._table, row, self._columns) for row in range(1, len(self._table.rows))
        ]
        keys = [hand_in_keys(one.student, one.hand_in)[0] for one in submissions]
        placements = placed(keys, rows, has_groups=True)
        for one, own, placement in zip(submissions, keys, placements, strict=True):
            if placement.trouble is not None:
                yield one
                continue
            is_group = not any(own[-2] & rows[row][-2] for row in placement.rows) and all(
                own[-1] & rows[row][-1] for row in placement.rows
            )
            with_time = replace(one, submitted_at=one.submitted_at or self._time(placement))
            if is_group:
                yield self._with_members(with_time, placement)
            else:
                yield self._with_student(with_time, placement.rows[0])

    def remarks(self, source: str) -> Iterable[str]:
        """What an instructor has to know, and can do."""
        header = printable_name(self._table.cell(0, self._submitted))
        if self._num_without_zone:
            yield (
                f"{source} says when {count(self._num_without_zone, 'submission')} came "
                f"('{header}'), by the clock of your Moodle profile. To have that taken, write its "
                'time zone at the top of course.toml: time_zone = "Europe/Berlin"'
            )
        if self._foreign:
            yield (
                f"{source}: {count(len(self._foreign), 'time')} in '{header}' could not be read, "
                f"such as '{printable_name(self._foreign[0])}'. English and German are understood: "
                "download the worksheet with Moodle in one of these."
            )

    def _time(self, placement: Placement) -> str | None:
        """When the lines say that it was handed in, in UTC; None where that is not certain."""
        rows = sorted({*placement.rows, *placement.claimed})
        cells = {" ".join(self._table.cell(row + 1, self._submitted).split()) for row in rows}
        texts = cells - _NO_TIME
        if len(texts) != 1:
            return None
        (text,) = texts
        time = _read_time(text)
        if time is None:
            self._foreign.append(text)
            return None
        if self._zone is None:
            self._num_without_zone += 1
            return None
        # Of the hour that there is twice in autumn, the first: whoever was late is so for certain.
        return time.replace(tzinfo=self._zone).astimezone(UTC).isoformat(timespec="seconds")

    def _with_members(self, one: Submission, placement: Placement) -> Submission:
        """The group's submission with the students whom the worksheet lists as its members."""
        assert one.hand_in is not None  # noqa: S101 - of Moodle's alone
        rows = sorted({*placement.rows, *placement.claimed})
        members = tuple(self._student(row + 1) for row in rows)
        names = tuple(member.name for member in members)
        return replace(
            one,
            hand_in=replace(one.hand_in, members=members),
            notices=(*one.notices, Notice("together", {"names": names})),
        )

    def _with_student(self, one: Submission, row: int) -> Submission:
        """The submission with its student's address, and the name before Moodle made a folder's."""
        listed, known = self._student(row + 1), one.student
        is_same = name_key(listed.name) == name_key(known.name)
        name = listed.name if is_same else known.name
        return replace(one, student=Student(name, known.id, known.email or listed.email))

    def _student(self, row: int) -> Student:
        cell, columns = self._table.cell, self._columns
        name = cell(row, columns.name) or cell(row, columns.identifier)
        return Student(name, cell(row, columns.id_number) or None, cell(row, columns.email) or None)


def _is_from_moodle(submission: Submission) -> bool:
    hand_in: HandIn | None = submission.hand_in
    return hand_in is not None and hand_in.system is System.MOODLE


def _read_time(text: str) -> datetime | None:
    """The time as Moodle writes it, by a clock of which nothing is known; None for anything else.

    >>> _read_time("Dienstag, 2. Dezember 2025, 22:37") == _read_time(
    ...     "Tuesday, 2 December 2025, 10:37 PM"
    ... )
    True
    """
    match = _TIME.fullmatch(text)
    month = match and _NUMBERS.get((match["month"] or match["us_month"]).casefold())
    if not match or not month:
        return None
    hour, half = int(match["hour"]), (match["half"] or "").upper()
    if half:
        hour = hour % 12 + 12 * (half == "PM")
    try:
        day = int(match["day"] or match["us_day"])
        return datetime(int(match["year"]), month, day, hour, int(match["minute"]))  # noqa: DTZ001 - see above
    except ValueError:
        return None
