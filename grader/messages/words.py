"""Telling: small words: shapes, counts, ordinals, plurals, and names that come close."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

from grader.records import Target, Value

_ORDINALS = (
    "",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
)


def ordinal(number: int) -> str:
    """`first` to `ninth`, then `10th`.

    >>> ordinal(2), ordinal(11), ordinal(22)
    ('second', '11th', '22nd')
    """
    if number < len(_ORDINALS):
        return _ORDINALS[number]
    if number % 100 in {11, 12, 13}:
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def count(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun: `1 row`, `1,608 parameters`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def duration(seconds: float) -> str:
    """A time that is only about right: `40 s`, `12 min`, `2 h 5 min`."""
    if round(seconds) < 60:  # noqa: PLR2004 - a minute
        return f"{seconds:.0f} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def example_word(target: Target) -> str:
    """What such a network is given: `image`, of the course's persons, or `example`."""
    return "image" if target is Target.PERSONS else "example"


def error_text(error: float) -> str:
    """An error with four digits that count, whatever its size: `0.01234`."""
    return f"{error:.4g}"


def shape_text(shape: object) -> str:
    """An output shape without its batch axis, as people say it: `48 x 48 x 32`, or `8 values`."""
    if not isinstance(shape, tuple):
        return "an unknown shape"
    sizes = shape[1:]
    if len(sizes) == 1 and isinstance(sizes[0], int):
        return count(sizes[0], "value")
    return " x ".join("?" if size is None else str(size) for size in sizes)


def setting_text(value: Value) -> str:
    """A setting as it is typed in Python: `(3, 3)`, `'same'`, `True`."""
    return repr(value)


def article(noun: str) -> str:
    """`a Dense`, `an Activation`, `an LSTM`."""
    spelled_out = noun[:1] in set("FHLMNRSX") and noun[1:2].isupper()
    return f"{'an' if noun[:1].lower() in set('aeiou') or spelled_out else 'a'} {noun}"


def joined(items: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(items) < 2:  # noqa: PLR2004 - one item needs no `and`
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def sentence(text: str) -> str:
    """The text with a capital letter in front."""
    return text[:1].upper() + text[1:]


def near(name: str, known: Iterable[str]) -> str:
    """The known name that this one is probably meant to be, whatever its case; "" for none."""
    by_case = {one.casefold(): one for one in known}
    found = difflib.get_close_matches(name.casefold(), by_case, n=1, cutoff=0.8)
    return by_case[found[0]] if found else ""


def meant(name: str, known: str) -> str:
    """A question, since a like name is no proof: `Is Conv2D meant? ...`."""
    case = " Upper and lower case count." if name.casefold() == known.casefold() else ""
    return f"Is {known} meant?{case}"
