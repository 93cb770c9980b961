"""Gradebook: what was costly to find out, by the digest of all that it was made from."""

from __future__ import annotations

from typing import TypeVar

from grader.gradebook.database import Database, now
from grader.gradebook.events import Kind, note
from grader.records import Description, Outcome, Rebuilt, Training
from grader.records.encoding import decode, encode, storable

Record = TypeVar("Record")


def find_description(database: Database, key: str) -> Description | None:
    """What the file with this key was found to say, if that is remembered."""
    return _read(
        database.value("SELECT record FROM description WHERE key = ?", (key,)), Description
    )


def keep_description(
    database: Database, run: int | None, key: str, part: str, description: Description
) -> None:
    """Remember it, unless the grader itself failed: that says nothing of the file."""
    fault = description.fault
    if fault is not None and fault.outcome is Outcome.GRADER_ERROR:
        return
    with database.transaction():
        database.write(
            "INSERT OR REPLACE INTO description (key, part, made_at, record) VALUES (?, ?, ?, ?)",
            (key, part, now(), encode(description)),
        )
        note(database, run, Kind.DESCRIBED, detail=f"{part} {key}")


def find_network(database: Database, key: str) -> Rebuilt | None:
    """What was read off the network with this key, if that is remembered."""
    return _read(database.value("SELECT record FROM network WHERE key = ?", (key,)), Rebuilt)


def keep_network(database: Database, key: str, rebuilt: Rebuilt) -> None:
    """Remember it, unless the grader itself failed."""
    if rebuilt.fault is not None and rebuilt.fault.outcome is Outcome.GRADER_ERROR:
        return
    with database.transaction():
        database.write(
            "INSERT OR REPLACE INTO network (key, made_at, record) VALUES (?, ?, ?)",
            (key, now(), encode(rebuilt)),
        )


def find_training(database: Database, key: str) -> Training | None:
    """What the training with this key gave, if that is remembered."""
    return _read(database.value("SELECT record FROM training WHERE key = ?", (key,)), Training)


def keep_training(
    database: Database, run: int | None, training: Training, *, is_from_cache: bool = False
) -> None:
    """Remember it, unless the grader itself failed."""
    if training.outcome is Outcome.GRADER_ERROR:
        return
    with database.transaction():
        insert_training(database, training)
        kind = Kind.FOUND if is_from_cache else Kind.TRAINED
        note(database, run, kind, detail=f"{training.outcome} {training.key}")


def insert_training(database: Database, training: Training) -> None:
    """Remember it inside a transaction; what was remembered under its key is replaced."""
    # No REPLACE: grades refer to the row.
    database.write(
        "INSERT INTO training (key, made_at, outcome, train_accuracy, valid_accuracy, "
        "test_accuracy, epochs, seconds, cpu_seconds, record) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET "
        "made_at = excluded.made_at, outcome = excluded.outcome, "
        "train_accuracy = excluded.train_accuracy, valid_accuracy = excluded.valid_accuracy, "
        "test_accuracy = excluded.test_accuracy, epochs = excluded.epochs, "
        "seconds = excluded.seconds, cpu_seconds = excluded.cpu_seconds, "
        "record = excluded.record",
        (
            storable(training.key),
            now(),
            training.outcome,
            training.accuracy.train,
            training.accuracy.valid,
            training.accuracy.test,
            training.epochs,
            training.seconds,
            training.cpu_seconds,
            encode(training),
        ),
    )


def _read(text: str | None, kind: type[Record]) -> Record | None:
    """The record; None also for one of another shape: what is not understood is found out anew."""
    try:
        return None if text is None else decode(text, kind)
    except ValueError:
        return None
