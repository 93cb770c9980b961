"""Reads the entries of a TOML table, each with its type and range, or says which line to write."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from difflib import get_close_matches
from typing import Any

from grader.errors import SheetError


@dataclass(frozen=True)
class Entries:
    """The entries of one table of a TOML file; `where` is the table as it is written: "[protocol]".

    Every reading method takes the line that an author could write in its place, and raises
    SheetError with the file, the key, what was found and that line.
    """

    file: str
    where: str
    values: Mapping[str, Any]

    def only(self, known: Collection[str]) -> None:
        """Raise SheetError when there is a key that is not `known`."""
        for key, value in self.values.items():
            if key not in known:
                free = [name for name in known if name not in self.values]
                near = get_close_matches(key, free, n=1)
                is_time = isinstance(value, datetime)
                written = value.isoformat() if is_time else json.dumps(value, default=str)
                advice = f"Write: {near[0]} = {written}" if near else f"Delete the lines of {key}"
                raise SheetError(
                    f"{self.file}: {key} {self._place()} is an unknown key, "
                    f"expected {', '.join(known)}. {advice}"
                )

    def text(self, key: str, line: str) -> str:
        """A text that is not blank, without the blanks around it."""
        value = self._get(key, line)
        if not isinstance(value, str) or not value.strip():
            raise self._misfit(key, "a text that is not blank", line)
        return value.strip()

    def choice(self, key: str, choices: Collection[str], line: str) -> str:
        """One of `choices`."""
        value = self._get(key, line)
        if not isinstance(value, str) or value not in choices:
            raise self._misfit(key, " or ".join(f'"{choice}"' for choice in choices), line)
        return value

    def whole(self, key: str, smallest: int, line: str) -> int:
        """A whole number from `smallest` up."""
        value = self._get(key, line)
        if not _is_whole(value, smallest):
            raise self._misfit(key, f"a whole number from {smallest} up", line)
        return int(value)

    def number(self, key: str, line: str, *, largest: float = math.inf) -> float:
        """A finite number from 0 to `largest`."""
        value = self._get(key, line)
        fits = isinstance(value, int | float) and not isinstance(value, bool)
        if not (fits and math.isfinite(value) and 0 <= value <= largest):
            limit = "up" if math.isinf(largest) else f"to {largest:g}"
            raise self._misfit(key, f"a number from 0 {limit}", line)
        return float(value)

    def moment(self, key: str, line: str) -> datetime:
        """A date and time with its distance from UTC."""
        value = self._get(key, line)
        if not isinstance(value, datetime) or value.tzinfo is None:
            raise self._misfit(key, "a date and time with its distance from UTC", line)
        return value

    def wholes(self, key: str, line: str) -> tuple[int, ...]:
        """A list of one or more whole numbers from 1 up."""
        value = self._get(key, line)
        if not isinstance(value, list) or not value or not all(_is_whole(n, 1) for n in value):
            raise self._misfit(key, "a list of whole numbers from 1 up", line)
        return tuple(value)

    def table(self, key: str, line: str, *, where: str) -> Entries:
        """The table below `key`, which is written as `where`."""
        value = self._get(key, line)
        if not isinstance(value, dict):
            raise self._misfit(key, "a table", line)
        return Entries(self.file, where, value)

    def tables(self, key: str, line: str, *, where: str) -> tuple[Entries, ...]:
        """The tables of a list of one or more, each called `where` with its number."""
        value = self._get(key, line)
        if not isinstance(value, list) or not value or not all(isinstance(v, dict) for v in value):
            raise self._misfit(key, f"one or more tables {where}", line)
        return tuple(
            Entries(self.file, f"{where} number {number}", entries)
            for number, entries in enumerate(value, start=1)
        )

    def refused(self, key: str, reason: str, line: str) -> SheetError:
        """The error for a value that has the right type and cannot be used for a `reason`."""
        return SheetError(f"{self.file}: {key} {self._place()} {reason}. Write: {line}")

    def _get(self, key: str, line: str) -> Any:  # noqa: ANN401 - of unknown type until a method looks
        if key not in self.values:
            raise SheetError(f"{self.file}: {key} is missing {self._place()}. Write: {line}")
        return self.values[key]

    def _misfit(self, key: str, expected: str, line: str) -> SheetError:
        value = self.values[key]
        found = str(value) if isinstance(value, date | time) else repr(value)
        return self.refused(key, f"is {found}, expected {expected}", line)

    def _place(self) -> str:
        return f"in {self.where}" if self.where else "at the top"


def _is_whole(value: object, smallest: int) -> bool:
    # To Python, True is the whole number 1.
    return isinstance(value, int) and not isinstance(value, bool) and value >= smallest
