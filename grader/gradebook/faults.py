"""Gradebook: what to say, and what to do, when its file cannot be read or written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from grader.errors import EightFacesError, GraderError, UsageError

# How long a sqlite3 shell that is reading may keep a result from being written.
BUSY_SECONDS = 60.0
_AGAIN = "run the same command again: nothing that was graded is lost"


@contextmanager
def telling(path: Path) -> Iterator[None]:
    """SQLite's errors inside become GraderError or UsageError that say what to do."""
    try:
        yield
    except sqlite3.Error as error:
        raise _in_words(path, error) from error


@contextmanager
def telling_system(folder: Path) -> Iterator[None]:
    """The same for what the system says while a file is made in this folder."""
    try:
        yield
    except OSError as error:
        raise UsageError(
            f"{folder} cannot be written to ({error.strerror}). Make it writable, free some space, "
            "or name another folder."
        ) from error


@contextmanager
def telling_damage(path: Path) -> Iterator[None]:
    """A ValueError inside, for a record that does not fit, becomes a GraderError."""
    try:
        yield
    except ValueError as error:
        raise damaged(path, str(error)) from error


def damaged(path: Path, reason: str) -> GraderError:
    """What to say of a file that does not hold what was written to it."""
    return GraderError(
        f"{path} is damaged ({reason}). Put back a copy, or move it away and grade again: "
        "trainings are found in the cache of this user."
    )


def no_gradebook(path: Path) -> UsageError:
    """What to say of a file that was never a gradebook."""
    return UsageError(f"{path} is no gradebook. Move it away, or name another folder.")


def _in_words(path: Path, error: sqlite3.Error) -> EightFacesError:
    # The extended codes have the plain one in their lowest byte: https://sqlite.org/rescode.html
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    told: EightFacesError
    match code:
        case sqlite3.SQLITE_FULL:
            told = GraderError(f"{path}: the disk is full. Free some space and {_AGAIN}.")
        case sqlite3.SQLITE_IOERR:
            told = GraderError(
                f"{path}: the disk could not be read or written ({error}). See whether it is "
                f"full or unplugged, then {_AGAIN}."
            )
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            told = UsageError(
                f"{path} cannot be written ({error}). Make it and its folder writable, or name "
                "another folder."
            )
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            told = GraderError(
                f"{path}: another program has kept it locked for {BUSY_SECONDS:.0f} s. "
                f"Close it (a sqlite3 shell?) and {_AGAIN}."
            )
        case sqlite3.SQLITE_NOTADB:
            told = no_gradebook(path)
        case sqlite3.SQLITE_CORRUPT:
            told = damaged(path, str(error))
        case _:
            told = GraderError(f"{path}: {error}. This is a fault of the grader's.")
    return told
