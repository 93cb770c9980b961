"""Gradebook: its runs: what each was made with, and what all of them have come to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Row

from grader.errors import UsageError
from grader.gradebook.database import Database, now
from grader.gradebook.events import Kind, note
from grader.gradebook.faults import telling_damage
from grader.gradebook.matching import match
from grader.gradebook.reading import read_grades, read_untimed
from grader.gradebook.roster import roster
from grader.gradebook.same_files import same_files
from grader.records import DataFacts, Json, Run
from grader.records.encoding import decode, encode, storable


@dataclass(frozen=True)
class RunFacts:
    """What a run is made with.

    `parts` are the ids of all parts that there are, in the order of the sheets, whichever of them
    are graded; `options` what was asked for, for whoever reads the gradebook later.
    """

    grader: str
    data: DataFacts
    data_path: Path | None
    versions: Mapping[str, str]
    sandbox: str
    parts: tuple[str, ...]
    options: Mapping[str, Json]


def begin_run(database: Database, facts: RunFacts) -> int:
    """Note down that a run begins; its number."""
    with database.transaction():
        run = database.write(
            "INSERT INTO run (started_at, grader, sandbox, data_name, data_sha256, data_path, "
            "persons, versions, options, parts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                now(),
                facts.grader,
                storable(facts.sandbox),
                storable(facts.data.name),
                facts.data.sha256,
                None if facts.data_path is None else storable(str(facts.data_path.resolve())),
                encode(facts.data.names),
                encode(dict(facts.versions)),
                encode(dict(facts.options)),
                encode(facts.parts),
            ),
        )
        note(database, run, Kind.RUN_STARTED)
    return run


def end_run(database: Database, run: int | None, how: str) -> None:
    """Note down that a run has `finished`, was `stopped` or has `failed`."""
    with database.transaction():
        database.write("UPDATE run SET ended_at = ?, ending = ? WHERE id = ?", (now(), how, run))
        note(database, run, Kind.RUN_ENDED, detail=how)


def read_run(database: Database, path: Path) -> Run:
    """The current grades of all submissions that are there, and the facts of the last run.

    Raises UsageError where nothing was ever graded, GraderError where a record is damaged.
    """
    with database.snapshot():
        rows = database.rows("SELECT * FROM run ORDER BY id DESC LIMIT 1")
        if not rows:
            raise UsageError(f"{path} holds no run yet. `grader grade` makes one.")
        with telling_damage(path):
            return _read_run(database, rows[0])


def order_of_parts(database: Database) -> tuple[str, ...]:
    """The ids of all parts as the last run had them; ValueError where the record is damaged."""
    parts = database.value("SELECT parts FROM run ORDER BY id DESC LIMIT 1")
    return decode(parts, tuple[str, ...])


def data_path(database: Database) -> Path | None:
    """The file of the data set that the last run had; None for the one that is built in."""
    path = database.value("SELECT data_path FROM run ORDER BY id DESC LIMIT 1")
    return None if path is None else Path(path)


def _read_run(database: Database, facts: Row) -> Run:
    """The run with these facts; ValueError where a record is damaged."""
    graded = read_grades(database, decode(facts["parts"], tuple[str, ...]))
    matched = match(roster(database), graded)
    names = decode(facts["persons"], tuple[str, ...])
    return Run(
        grader=facts["grader"],
        data=DataFacts(facts["data_name"], facts["data_sha256"], names),
        versions=decode(facts["versions"], dict[str, str]),
        sandbox=facts["sandbox"],
        grades=graded,
        missing=matched.missing,
        unclear=matched.unclear,
        same_files=same_files(database),
        untimed=read_untimed(database),
        started_at=facts["started_at"],
    )
