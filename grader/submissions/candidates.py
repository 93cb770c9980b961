"""Finding: which of several candidates for one part remain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grader.records import Notice, Source

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Candidate:
    """A source and where it stands among its copies.

    Of candidates with the same `group` (folder and name without numbers) the highest `rank`
    counts: the numbers of the copy, then that of the upload.
    """

    source: Source
    group: tuple[str, str]
    rank: tuple[tuple[int, ...], int]


def resolved(
    part: str, candidates: Sequence[Candidate], stub: bytes | None
) -> tuple[tuple[Source, ...], tuple[Notice, ...]]:
    """The sources that remain, sorted by path, and the notices on those that gave way.

    An untouched stub gives way to anything else, equal content is one, and of numbered copies in
    one folder the highest number counts.
    """
    touched = [c for c in candidates if stub is None or same_text(c.source.code) != same_text(stub)]
    different = _different(touched or candidates)
    highest: dict[tuple[str, str], tuple[tuple[int, ...], int]] = {}
    for candidate in different:
        highest[candidate.group] = max(highest.get(candidate.group, ((), 0)), candidate.rank)
    remaining = [c for c in different if c.rank == highest[c.group]]
    return tuple(c.source for c in remaining), _notices(part, different, remaining)


def same_text(code: bytes) -> bytes:
    """The source without what editors change unasked: line ends, trailing blanks, BOM."""
    lines = code.removeprefix(_BOM).replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    return b"\n".join(line.rstrip() for line in lines).rstrip(b"\n")


def _different(candidates: Sequence[Candidate]) -> list[Candidate]:
    """One candidate of each content: the one with the highest number, then the first by path."""
    seen: set[tuple[bytes, frozenset[tuple[str, bytes]]]] = set()
    kept: list[Candidate] = []
    by_path = sorted(candidates, key=lambda c: c.source.path)
    for candidate in sorted(by_path, key=lambda c: c.rank, reverse=True):
        helpers = candidate.source.helpers.items()
        content = (
            same_text(candidate.source.code),
            frozenset((name, same_text(code)) for name, code in helpers),
        )
        if content not in seen:
            seen.add(content)
            kept.append(candidate)
    return sorted(kept, key=lambda c: c.source.path)


def _notices(
    part: str, different: Sequence[Candidate], remaining: Sequence[Candidate]
) -> tuple[Notice, ...]:
    notices = []
    for winner in remaining:
        losers = tuple(
            c.source.path for c in different if c.group == winner.group and c not in remaining
        )
        if losers:
            notices.append(
                Notice("copies", {"part": part, "path": winner.source.path, "others": losers})
            )
    return tuple(notices)
