"""Reads course.toml: until when sheets are due, and what late hand-ins lose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from grader.records import Amount, Due, LateRule, Sheet, Unit
from grader.sheets.entries import Entries
from grader.sheets.reading import read_toml

FILE = "course.toml"

_PERCENT = re.compile(r"(\d{1,3}(?:\.\d+)?) ?%")
_ALL = 100
_MOMENT = "2026-03-01T23:59:00+01:00"


def read_late_rule(folder: Path, sheets: Sequence[Sheet]) -> LateRule | None:
    """The rule for late hand-ins in the folder's course.toml; None where there is no such file.

    Raises SheetError that names the file, the key and the line to write.
    """
    file = folder / FILE
    if not file.exists():
        return None
    top = read_toml(file, "Make it readable, or delete it.")
    top.only(("time_zone", "due", "late"))
    late = top.table("late", '[late] with per_day = "10%" and so on', where="[late]")
    late.only(("per_day", "cap", "grace_minutes"))
    return LateRule(
        dues=_read_dues(top, sheets),
        per_day=_read_amount(late, "per_day", 'per_day = "10%", or points: per_day = 0.5'),
        cap=_read_amount(late, "cap", 'cap = "50%", or points: cap = 2.0'),
        grace_minutes=late.whole("grace_minutes", 0, "grace_minutes = 15"),
        time_zone=_read_time_zone(top) if "time_zone" in top.values else None,
    )


def _read_dues(top: Entries, sheets: Sequence[Sheet]) -> tuple[Due, ...]:
    line = f"[due] with {sheets[0].id} = {_MOMENT}"
    dues = top.table("due", line, where="[due]")
    dues.only([sheet.id for sheet in sheets])
    if not dues.values:
        raise top.refused("due", "has no date, expected one for each sheet that has to be in", line)
    return tuple(
        Due(
            sheet.id,
            tuple(part.id for part in sheet.parts),
            dues.moment(sheet.id, f"{sheet.id} = {_MOMENT}"),
        )
        for sheet in sheets
        if sheet.id in dues.values
    )


def _read_time_zone(top: Entries) -> ZoneInfo:
    line = 'time_zone = "Europe/Berlin"'
    name = top.text("time_zone", line)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise top.refused("time_zone", f"is {name!r}, which is no known time zone", line) from error


def _read_amount(late: Entries, key: str, line: str) -> Amount:
    """A number of points, or a text such as "10%"."""
    if not isinstance(late.values.get(key), str):
        return Amount(late.number(key, line), Unit.POINTS)
    text = late.text(key, line)
    found = _PERCENT.fullmatch(text)
    if found is None or float(found[1]) > _ALL:
        raise late.refused(key, f"is {text!r}, expected points or percent up to 100", line)
    return Amount(float(found[1]), Unit.PERCENT)
