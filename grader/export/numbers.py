"""Telling: points as learning platforms write and read them."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

_NUMBER = re.compile(r"[+-]?\d[\d.,]*")
_HUNDREDTH = Decimal("0.01")


def points_text(points: float, *, comma: bool = False) -> str:
    """Points to two decimals, halves rounded up, without zeros that say nothing.

    >>> points_text(17.0), points_text(2.675), points_text(17.5, comma=True)
    ('17', '2.68', '17,5')
    """
    # by way of the shortest decimal: 2.675 as a binary number lies just below
    rounded = Decimal(str(points)).quantize(_HUNDREDTH, ROUND_HALF_UP)
    text = f"{rounded:f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if comma else text


def read_number(text: str) -> float | None:
    """The number that the text is, with decimal point or comma; None for anything else.

    Canvas and Moodle write no marks between thousands, so that the last mark is the decimal one.
    """
    if not _NUMBER.fullmatch(text):
        return None
    *whole, last = re.split(r"[.,]", text)
    return float(f"{''.join(whole)}.{last or 0}") if whole else float(last)


def plain(points: float) -> int | float:
    """Points as a JSON number: whole ones without a decimal point."""
    rounded = round(points, 4)
    return int(rounded) if rounded == int(rounded) else rounded
