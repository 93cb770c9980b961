"""Values: the checks that a setting passes before anyone works with it.

A check takes a JSON value and returns it in canonical form (numbers as float, sizes as a list), or
raises ReplyError. A bool is never a number here, although Python thinks so.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from grader.architecture.refusals import OutsideTableError, ReplyError
from grader.records import Json

Check: TypeAlias = Callable[[Json], Json]
Config: TypeAlias = dict[str, Json]

MAX_SIZE = 10**9
_LONGEST_SHOWN = 40


@dataclass(frozen=True)
class Setting:
    """One argument of a class: its check, and the value that stands when it is not given.

    `required` ones have no such value; those that are not `kept` are looked at and dropped.
    """

    check: Check
    default: Json = None
    required: bool = False
    kept: bool = True


Settings: TypeAlias = Mapping[str, Setting]


def read_settings(settings: Settings, config: Mapping[str, Json], what: str) -> Config:
    """Every kept setting in canonical form, defaults filled in; ReplyError for other keys."""
    unknown = sorted(config.keys() - settings.keys())
    if unknown:
        raise ReplyError(f"{what}: unknown setting {unknown[0][:60]}")
    kept: Config = {}
    for key, setting in settings.items():
        if setting.required and key not in config:
            raise ReplyError(f"{what}: {key} is missing")
        try:
            value = setting.check(config.get(key, setting.default))
        except ReplyError as error:
            raise ReplyError(f"{what}: {key}: {error}") from None
        if setting.kept:
            kept[key] = value
    return kept


def whole(low: int, high: int = MAX_SIZE) -> Check:
    """A check for an integer from `low` to `high`, both included."""

    def check(value: Json) -> Json:
        if isinstance(value, bool) or not isinstance(value, int):
            raise ReplyError(f"{shown(value)} is not a whole number")
        if not low <= value <= high:
            raise ReplyError(f"{value} is not between {low} and {high}")
        return value

    return check


def number(low: float = -1e30, high: float = 1e30) -> Check:
    """A check for a finite number from `low` to `high`, both included; gives a float."""

    def check(value: Json) -> Json:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ReplyError(f"{shown(value)} is not a number")
        if not math.isfinite(value) or not low <= value <= high:
            raise ReplyError(f"{value} is not between {low} and {high}")
        return float(value)

    return check


def flag(value: Json) -> Json:
    """A check for true and false."""
    if not isinstance(value, bool):
        raise ReplyError(f"{shown(value)} is neither true nor false")
    return value


def nothing(value: Json) -> Json:
    """A check for null: a setting that the table does not work with when it is given."""
    if value is not None:
        raise OutsideTableError(shown(value))
    return value


def unset(value: Json) -> Json:
    """A check for false: a setting that the table does not work with when it is set."""
    if flag(value):
        raise OutsideTableError(shown(value))
    return value


def anything(value: Json) -> Json:
    """No check: for settings that are dropped unread."""
    return value


def choice(*names: str) -> Check:
    """A check for one of the names."""

    def check(value: Json) -> Json:
        if not isinstance(value, str) or value not in names:
            raise ReplyError(f"{shown(value)} is none of {', '.join(names)}")
        return value

    return check


def optional(inner: Check) -> Check:
    """A check that lets null pass, and anything that `inner` does."""

    def check(value: Json) -> Json:
        return None if value is None else inner(value)

    return check


def listed(inner: Check, longest: int, shortest: int = 0) -> Check:
    """A check for a list of `shortest` to `longest` items that each pass `inner`."""

    def check(value: Json) -> Json:
        if not isinstance(value, list) or not shortest <= len(value) <= longest:
            raise ReplyError(f"{shown(value)} is not a list of {shortest} to {longest} items")
        return [inner(item) for item in value]

    return check


def sizes(rank: int, low: int = 1) -> Check:
    """A check for one whole number per spatial axis, or a single one for all; gives the list."""
    each = whole(low)
    several = listed(each, rank, rank)

    def check(value: Json) -> Json:
        return several(value) if isinstance(value, list) else [each(value)] * rank

    return check


def axes(longest: int = 8) -> Check:
    """A check for an axis, or a list of them; a list of one is that one."""
    each = whole(-longest, longest)
    several = listed(each, longest, 1)

    def check(value: Json) -> Json:
        if not isinstance(value, list):
            return each(value)
        return each(value[0]) if len(value) == 1 else several(value)

    return check


def or_outside_table(inner: Check) -> Check:
    """A check for settings that Keras takes as a list too, and the table does not."""

    def check(value: Json) -> Json:
        if isinstance(value, list | dict):
            raise OutsideTableError(shown(value))
        return inner(value)

    return check


def flat_text(max_bytes: int) -> Check:
    """A check for text of at most so many bytes of UTF-8."""

    def check(value: Json) -> Json:
        if not isinstance(value, str):
            raise ReplyError(f"{shown(value)} is no text")
        if len(value.encode("utf-8", "replace")) > max_bytes:
            raise ReplyError(f"a text of more than {max_bytes} bytes")
        return value

    return check


def shown(value: Json) -> str:
    """The value as it may stand in a sentence: short."""
    if isinstance(value, str):
        # Before the quotes: a text may have megabytes.
        value = value[: _LONGEST_SHOWN + 1]
    text = (
        repr(value) if isinstance(value, bool | int | float | str | None) else type(value).__name__
    )
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"


def whole_of(config: Mapping[str, Json], key: str) -> int:
    """A checked whole number out of a canonical config."""
    (value,) = wholes_of(config, key)
    return value


def wholes_of(config: Mapping[str, Json], key: str) -> list[int]:
    """A checked list of whole numbers out of a canonical config; a single one is a list of one."""
    value = config[key]
    items: Iterable[Json] = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, int)]
