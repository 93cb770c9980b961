"""Telling: small words: shapes, counts, ordinals, plurals."""

from __future__ import annotations

from grader.records import Value

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


def shape_text(shape: object) -> str:
    """An output shape without its batch axis, as people say it: `48 x 48 x 32`, or `8 values`."""
    if not isinstance(shape, tuple):
        return "an unknown shape"
    sizes = shape[1:]
    if len(sizes) == 1:
        return f"{sizes[0]} values"
    return " x ".join("?" if size is None else str(size) for size in sizes)


def setting_text(value: Value) -> str:
    """A setting as it is typed in Python: `(3, 3)`, `'same'`, `True`."""
    return repr(value)


def article(noun: str) -> str:
    """`a Dense`, `an Activation`."""
    return f"{'an' if noun[:1].lower() in set('aeiou') else 'a'} {noun}"


def joined(items: tuple[str, ...]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(items) < 2:  # noqa: PLR2004 - one item needs no `and`
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"
