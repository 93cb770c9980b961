"""Packages, locked dependencies: of the project's lock, what grading needs; pure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from grader.errors import GraderError

_ENTRY = re.compile(r"^([a-z0-9][a-z0-9._-]*)==")
# uv 0.13 writes the packages that asked for one on lines of their own, a single one beside "via".
_ASKED_BY = re.compile(r"^    # (?:  |via )(\S+)")
_REQUIREMENT = re.compile(r"^[A-Za-z0-9._-]+")


@dataclass(frozen=True)
class _Entry:
    """One package of a lock: its lines, and the names of those that asked for it."""

    name: str
    lines: tuple[str, ...]
    asked_by: frozenset[str]


def shortened_lock(pyproject: str, lock: str, extra: Iterable[str] = ()) -> str:
    """The lock's entries that the project needs when it runs, and `extra`, with what these need.

    Entries keep their lines: versions, markers and hashes. Raises GraderError where one is missing.
    """
    wanted = {_normalized(name) for name in [*_dependencies(pyproject), *extra]}
    entries = _entries(lock)
    missing = wanted - {entry.name for entry in entries}
    if missing:
        raise GraderError(
            f"requirements.lock has no entry for {', '.join(sorted(missing))}. `make lock` writes "
            "it anew."
        )
    while more := {e.name for e in entries if e.asked_by & wanted} - wanted:
        wanted |= more
    kept = [line for entry in entries if entry.name in wanted for line in entry.lines]
    return "\n".join(kept) + "\n"


def _dependencies(pyproject: str) -> list[str]:
    project: Mapping[str, list[str]] = tomllib.loads(pyproject)["project"]
    found = (_REQUIREMENT.match(line) for line in project["dependencies"])
    return [match.group() for match in found if match]


def _entries(lock: str) -> list[_Entry]:
    entries: list[_Entry] = []
    name, lines = "", list[str]()
    asked_by: set[str] = set()
    for line in [*lock.splitlines(), "end=="]:
        match = _ENTRY.match(line)
        if match:
            if name:
                entries.append(_Entry(name, tuple(lines), frozenset(asked_by)))
            name, lines, asked_by = _normalized(match[1]), [], set()
        if asker := _ASKED_BY.match(line):
            asked_by.add(_normalized(asker[1]))
        elif name and not line.strip().startswith("#"):
            lines.append(line)
    return entries


def _normalized(name: str) -> str:
    """The name as package indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()
