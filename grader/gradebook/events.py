"""Gradebook: its diary, one line for everything that happened."""

from __future__ import annotations

from enum import StrEnum

from grader.gradebook.database import Database, now
from grader.records.encoding import storable


class Kind(StrEnum):
    """What happened."""

    RUN_STARTED = "run started"
    RUN_ENDED = "run ended"
    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    DESCRIBED = "described"
    TRAINED = "trained"
    FOUND = "training found"
    GRADED = "graded"
    REGRADED = "regraded"
    ADJUSTED = "adjusted"
    MARKED = "marked"
    LATE = "late"
    ROSTER = "roster"
    TROUBLE = "trouble"


def note(
    database: Database, run: int | None, kind: Kind, submission: str | None = None, detail: str = ""
) -> None:
    """Write a line into the diary, inside a transaction."""
    database.write(
        "INSERT INTO event (at, run, kind, submission, detail) VALUES (?, ?, ?, ?, ?)",
        (now(), run, kind, submission, storable(detail)),
    )
