"""Gradebook: what is there now beside what was there before, told apart by content."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from sqlite3 import Row

from grader.gradebook.database import Database, now
from grader.gradebook.events import Kind, note
from grader.records import Submission
from grader.records.encoding import encode, storable
from grader.submissions import same_text


@dataclass(frozen=True)
class Stock:
    """Ids of submissions, in their order, by what became of them since they were last seen.

    `added` were never seen before or had been removed. `moved` are those of the others that lay
    at another place before, whether `changed` or the `same`.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()


def take_stock(
    database: Database,
    run: int | None,
    found: Sequence[Submission],
    origins: Sequence[str],
    stubs: Mapping[str, bytes],
) -> Stock:
    """Note down what was found at these paths, and what is no longer there."""
    before = {row["id"]: row for row in database.rows("SELECT * FROM submission")}
    ids: dict[Kind | None, list[str]] = {Kind.ADDED: [], Kind.CHANGED: [], None: []}
    moved = []
    with database.transaction():
        for submission in found:
            known = before.get(submission.id)
            digest = content_digest(submission)
            place = storable(submission.place)
            _keep(database, submission, digest)
            if known is None or known["sha256"] != digest:
                _keep_files(database, submission, stubs)
            kind = _what_became(known, digest)
            ids[kind].append(submission.id)
            if kind is not None:
                note(database, run, kind, submission.id, place)
            if kind is not Kind.ADDED and known is not None and known["place"] != place:
                moved.append(submission.id)
        gone = _gone(before.values(), {submission.id for submission in found}, origins)
        for id_ in gone:
            database.write("UPDATE submission SET removed_at = ? WHERE id = ?", (now(), id_))
            note(database, run, Kind.REMOVED, id_)
    added, changed, same = map(tuple, ids.values())
    return Stock(added, changed, same, tuple(gone), tuple(moved))


def _what_became(known: Row | None, digest: str) -> Kind | None:
    """The kind of event that a submission with this content is; None where nothing has changed."""
    if known is None or known["removed_at"] is not None:
        return Kind.ADDED
    return Kind.CHANGED if known["sha256"] != digest else None


def content_digest(submission: Submission) -> str:
    """SHA-256, in hex, over all that could be graded of a submission."""
    digest = hashlib.sha256()
    for part, sources in sorted(submission.sources.items()):
        for source in sources:
            digest.update(_framed(part.encode(), source.path.encode("utf-8", "replace")))
            digest.update(_framed(source.code))
            for name, code in sorted(source.helpers.items()):
                digest.update(_framed(name.encode("utf-8", "replace"), code))
    return digest.hexdigest()


def _framed(*pieces: bytes) -> bytes:
    """The pieces with their lengths, so that nothing can pass from one into the next."""
    return b"".join(b"%d:%b" % (len(piece), piece) for piece in pieces)


def file_digest(code: bytes) -> str:
    """SHA-256, in hex, over the lines that are not blank, without what editors change unasked."""
    lines = [line for line in same_text(code).split(b"\n") if line]
    return hashlib.sha256(b"\n".join(lines)).hexdigest()


def _keep(database: Database, submission: Submission, digest: str) -> None:
    student = submission.student
    time = now()
    database.write(
        "INSERT INTO submission (id, name, student_id, email, place, sha256, attempt, "
        "submitted_at, hand_in, first_seen, last_seen) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (id) DO UPDATE SET name = excluded.name, student_id = excluded.student_id, "
        "email = excluded.email, place = excluded.place, sha256 = excluded.sha256, "
        "attempt = excluded.attempt, submitted_at = excluded.submitted_at, "
        "hand_in = excluded.hand_in, "
        "last_seen = excluded.last_seen, removed_at = NULL",
        (
            submission.id,
            storable(student.name),
            None if student.id is None else storable(student.id),
            None if student.email is None else storable(student.email),
            storable(submission.place),
            digest,
            submission.attempt,
            submission.submitted_at,
            None if submission.hand_in is None else encode(submission.hand_in),
            time,
            time,
        ),
    )


def _keep_files(database: Database, submission: Submission, stubs: Mapping[str, bytes]) -> None:
    """Note down the files that say something: neither empty nor the stub as it was."""
    nothing = {part: {file_digest(b""), file_digest(stub)} for part, stub in stubs.items()}
    database.write("DELETE FROM file WHERE submission = ?", (submission.id,))
    database.write_all(
        "INSERT INTO file (submission, part, path, sha256) VALUES (?, ?, ?, ?)",
        [
            (submission.id, part, storable(source.path), digest)
            for part, sources in submission.sources.items()
            for source in sources
            if (digest := file_digest(source.code)) not in nothing.get(part, set())
        ],
    )


def _gone(known: Iterable[Row], found: AbstractSet[str], origins: Sequence[str]) -> list[str]:
    """Ids of those that lay directly at one of these paths and were not found there now."""
    given = set(map(storable, origins))
    return [
        row["id"]
        for row in known
        if row["removed_at"] is None
        and row["id"] not in found
        and {row["place"], row["place"].rpartition("/")[0]} & given
    ]
