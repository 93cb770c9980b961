"""Telling: whose line in a worksheet a submission belongs to; pure, and never a guess.

A hand-in and a line are each known by keys of several kinds, the surest kind first (a number of the
platform's, an address, a name). The first kind in which a hand-in finds a line decides; a later
kind that finds only other lines contradicts it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Sequence
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
    """The rows that a hand-in belongs to, or why there are none; `rows` are then the doubtful."""

    rows: tuple[int, ...] = ()
    trouble: Trouble | None = None


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


def placed(
    hand_ins: Sequence[Keys], rows: Sequence[Keys], shared_kinds: Collection[int] = ()
) -> list[Placement]:
    """For each hand-in the rows that are its own: one, or several by a kind that rows may share.

    Where two hand-ins find the same row, neither gets it.
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
        found.append(_placement(hits, shared_kinds))
    claims: dict[int, int] = defaultdict(int)
    for placement in found:
        for row in placement.rows if placement.trouble is None else ():
            claims[row] += 1
    return [
        Placement(placement.rows, Trouble.CLAIMED)
        if placement.trouble is None and any(claims[row] > 1 for row in placement.rows)
        else placement
        for placement in found
    ]


def _placement(hits: Sequence[list[int]], shared_kinds: Collection[int]) -> Placement:
    kind = next((kind for kind, rows in enumerate(hits) if rows), None)
    if kind is None:
        return Placement(trouble=Trouble.NOT_FOUND)
    rows = tuple(hits[kind])
    if len(rows) > 1 and kind not in shared_kinds:
        return Placement(rows, Trouble.SEVERAL)
    others = [other for other in hits[kind + 1 :] if other and not set(other) & set(rows)]
    if others:
        return Placement((*rows, *others[0]), Trouble.CONTRADICTION)
    return Placement(rows)
