"""Gradebook: the SQLite file itself: opened, written in transactions, its faults put in words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from grader.errors import EightFacesError, UsageError
from grader.gradebook.faults import BUSY_SECONDS, no_gradebook, telling
from grader.gradebook.schema import MIGRATIONS, is_gradebook, migrate, version_of

FILE = "gradebook.sqlite"

Rows = list[sqlite3.Row]


class Database:
    """An open gradebook file. `writes` says whether it may be changed through this object.

    Methods raise GraderError or UsageError that say what to do.
    """

    def __init__(self, path: Path, *, writes: bool) -> None:
        """Open the file, and make or migrate it where it `writes`."""
        self._path = path
        with telling(path):
            self._connection = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode={'rwc' if writes else 'rw'}",
                timeout=BUSY_SECONDS,
                isolation_level=None,
                uri=True,
            )
        try:
            with telling(path):
                self._prepare(writes=writes)
        except EightFacesError:
            self._connection.close()
            raise

    @property
    def is_old(self) -> bool:
        """Whether it has the schema of an earlier version."""
        with telling(self._path):
            return version_of(self._connection) < len(MIGRATIONS)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def rows(self, sql: str, values: Sequence[object] = ()) -> Rows:
        """All rows that a query gives."""
        with telling(self._path):
            return self._connection.execute(sql, values).fetchall()

    def value(self, sql: str, values: Sequence[object] = ()) -> Any:  # noqa: ANN401 - any column
        """The first column of the first row; None where there is no row."""
        with telling(self._path):
            row = self._connection.execute(sql, values).fetchone()
        return None if row is None else row[0]

    def write(self, sql: str, values: Sequence[object] = ()) -> int:
        """Execute a statement inside a transaction; the id of the row that it inserted."""
        with telling(self._path):
            return self._connection.execute(sql, values).lastrowid or 0

    def write_all(self, sql: str, many: Iterable[Sequence[object]]) -> None:
        """Execute a statement inside a transaction, once for each of these values."""
        with telling(self._path):
            self._connection.executemany(sql, many)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """What is written inside is on the disk when it ends, or not at all."""
        with self._between("BEGIN IMMEDIATE"):
            yield

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All that is read inside is of one moment, whatever others write meanwhile."""
        with self._between("BEGIN"):
            yield

    @contextmanager
    def _between(self, begin: str) -> Iterator[None]:
        with telling(self._path):
            self._connection.execute(begin)
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def _prepare(self, *, writes: bool) -> None:
        connection = self._connection
        connection.row_factory = sqlite3.Row
        version = version_of(connection)
        if version > len(MIGRATIONS):
            raise UsageError(
                f"{self._path} was written by a newer grader (its version {version}, known here "
                f"are versions up to {len(MIGRATIONS)}). Use that grader, or name another folder."
            )
        if (version or _has_tables(connection)) and not is_gradebook(connection):
            raise no_gradebook(self._path)
        if not writes:
            connection.execute("PRAGMA query_only = ON")
            return
        # docs/decisions/006-the-gradebook.md: one file, and on the disk before anything is shown.
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA synchronous = EXTRA")
        connection.execute("PRAGMA foreign_keys = ON")
        migrate(connection)


def now() -> str:
    """The time as it stands in the gradebook: UTC, to the second, `2026-01-31T12:00:00Z`."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _has_tables(connection: sqlite3.Connection) -> bool:
    (count,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return bool(count)
