"""Importing: which persons are taken, by number or by name; pure."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from data.dataset import DataError
from data.importing.found import clean, natural


def choose_persons(counts: Mapping[str, int], wanted: str | None) -> list[str]:
    """Return the persons of `counts` (pictures by person) that are wanted, in natural order.

    `wanted` is how many (those with the most pictures, then by name) or names, parted by commas.
    Raises `DataError` for more than there are and for a name that is none of theirs.
    """
    if wanted is None:
        return sorted(counts, key=natural)
    if wanted.strip().isdecimal():
        return _most(counts, int(wanted))
    return sorted({_find(name, counts) for name in wanted.split(",")}, key=natural)


def _most(counts: Mapping[str, int], number: int) -> list[str]:
    if not 2 <= number <= len(counts):  # noqa: PLR2004 - two are the fewest that can be told apart
        raise DataError(
            f"--persons {number}: found {len(counts)} persons. Expected a number from 2 to "
            f"{len(counts)}, or names parted by commas."
        )
    ordered = sorted(counts, key=lambda name: (-counts[name], natural(name)))
    return sorted(ordered[:number], key=natural)


def _find(text: str, counts: Mapping[str, int]) -> str:
    known = {name.casefold(): name for name in counts}
    name = known.get(clean(text).casefold())
    if name is not None:
        return name
    near = difflib.get_close_matches(clean(text).casefold(), known, n=3)
    meant = f" Did you mean {' or '.join(known[key] for key in near)}?" if near else ""
    few = ", ".join(sorted(counts, key=natural)[:8])
    raise DataError(f"--persons: there is no '{clean(text)}'. Found {few}...{meant}")
