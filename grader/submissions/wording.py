"""Finding: names that strangers chose, put into sentences without doing harm."""

from __future__ import annotations

from collections.abc import Sequence

_NAME_LIMIT = 100
_LIST_LIMIT = 5


def printable(text: str, limit: int = _NAME_LIMIT) -> str:
    r"""The text with all that is unprintable spelled out, its middle cut over `limit` characters.

    Terminal escapes, line ends, direction marks and bytes that are no UTF-8 become `\x1b` and
    the like.
    """
    if len(text) > limit:
        text = f"{text[: limit // 2]}...{text[-limit // 2 :]}"
    return "".join(c if c.isprintable() else _spelled(c) for c in text)


def listed(names: Sequence[str], limit: int = _LIST_LIMIT) -> str:
    """The first names, made printable, and how many more there are: "a, b and 9,998 more"."""
    shown = [printable(name) for name in names[:limit]]
    more = len(names) - len(shown)
    if more:
        return f"{', '.join(shown)} and {more:,} more"
    return ", ".join([*shown[:-2], " and ".join(shown[-2:])])


def counted(count: int, noun: str) -> str:
    """The number with its noun: "1 file", "2 files"."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _spelled(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
