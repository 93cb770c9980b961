"""Telling: whose line in a worksheet a submission belongs to; pure, and never a guess.

A hand-in and a line are each known by keys of several kinds, the surest kind first (a number of the
platform's, an address, a name). The first kind in which a hand-in finds a line decides; a later
kind that finds only other lines contradicts it. The last kind may be that of groups.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

Keys: TypeAlias = tuple[frozenset[str], ...]

# Moodle leaves these out of names of folders (clean_filename); quotation marks differ anyway.
_LEFT_OUT = re.compile(r"[&<>\"'`´‘’|:\\/*?]")  # noqa: RUF001 - the quotation marks are meant
_GAPS = re.compile(r"[\s_,]+")


class Trouble(StrEnum):
    """Why a hand-in could not be placed."""

    NOT_FOUND = "not_found"
    SEVERAL = "several"
    CONTRADICTION = "contradiction"
    CLAIMED = "claimed"


@dataclass(frozen=True)
class Placement:
    """The rows that a hand-in belongs to, or why there are none; `rows` are then the doubtful.

    `claimed` are rows of members of the group for whom there is another hand-in, too.
    """

    rows: tuple[int, ...] = ()
    trouble: Trouble | None = None
    claimed: tuple[int, ...] = ()


def key(value: str | None) -> frozenset[str]:
    """A number, login or address as a key: case and Unicode form do not count; empty for none."""
    text = unicodedata.normalize("NFKC", value or "").casefold().strip()
    return frozenset({text} if text else ())


def name_key(name: str | None) -> frozenset[str]:
    """A name as a key: neither case, Unicode form, order of its words nor what Moodle leaves out.

    >>> name_key("Doe, Jane") == name_key("jane doe")
    True
    """
    text = unicodedata.normalize("NFKC", name or "").casefold()
    seen = "".join(c for c in text if unicodedata.category(c) != "Cf")  # marks of direction
    words = sorted(_GAPS.split(_LEFT_OUT.sub("", unicodedata.normalize("NFKC", seen))))
    folded = " ".join(word for word in words if word)
    return frozenset({folded} if folded else ())


def number_key(value: str | None) -> frozenset[str]:
    """A number as a key without the zeros before it, which spreadsheets lose; empty for no number.

    >>> number_key("0012345") == number_key("12345"), number_key("s0012")
    (True, frozenset())
    """
    text = "".join(key(value))
    return frozenset({text.lstrip("0") or "0"} if text.isdecimal() else ())


def placed(
    hand_ins: Sequence[Keys], rows: Sequence[Keys], *, has_groups: bool = False
) -> list[Placement]:
    """For each hand-in the row that is its own; where it `has_groups`, by the last kind several.

    Where two hand-ins find the same row, neither gets it; other members of a group get theirs.
    """
    index: dict[tuple[int, str], list[int]] = defaultdict(list)
    for number, keys in enumerate(rows):
        for kind, values in enumerate(keys):
            for value in values:
                index[kind, value].append(number)
    found = []
    for keys in hand_ins:
        hits = [
            sorted({row for value in values for row in index.get((kind, value), ())})
            for kind, values in enumerate(keys)
        ]
        members = hits.pop() if has_groups else []
        found.append(_placement(hits, members))
    claims = Counter(
        row for placement in found if placement.trouble is None for row in placement.rows
    )
    return [_unclaimed(placement, claims) for placement in found]


def _placement(hits: Sequence[list[int]], members: list[int]) -> Placement:
    """Where a hand-in belongs that finds these rows kind by kind, and these as a group's."""
    kind = next((kind for kind, rows in enumerate(hits) if rows), None)
    if kind is None:
        return Placement(tuple(members), None if members else Trouble.NOT_FOUND)
    rows = tuple(hits[kind])
    if len(rows) > 1:
        return Placement(rows, Trouble.SEVERAL)
    # A name that is a student's and a group's as well tells nothing.
    if kind == len(hits) - 1 and set(members) - set(rows):
        return Placement(tuple(sorted({*rows, *members})), Trouble.SEVERAL)
    others = [other for other in hits[kind + 1 :] if other and not set(other) & set(rows)]
    if others:
        return Placement((*rows, *others[0]), Trouble.CONTRADICTION)
    return Placement(rows)


def _unclaimed(placement: Placement, claims: Counter[int]) -> Placement:
    """The placement without the rows that other hand-ins find, too."""
    claimed = tuple(row for row in placement.rows if claims[row] > 1)
    if placement.trouble is not None or not claimed:
        return placement
    rest = tuple(row for row in placement.rows if row not in claimed)
    if not rest:
        return Placement(placement.rows, Trouble.CLAIMED)
    return Placement(rest, claimed=claimed)
