"""Gradebook: grades and their history, a new entry only where something is another than before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from grader.gradebook.database import Database, now
from grader.gradebook.events import Kind, note
from grader.gradebook.memory import insert_training
from grader.records import AlignedRow, Grade, Outcome, PartGrade, Totals, Training
from grader.records.encoding import encode, storable

Columns = tuple[Any, ...]

_QUERIES = (
    """SELECT score, max_score, report, attempt, submitted_at, notices
    FROM grade WHERE id = ?""",
    """SELECT part, outcome, score, max_score, answer, output, threshold, training, details,
    submitted_at, target FROM part WHERE grade = ? ORDER BY part""",
    """SELECT part, position, name, outcome, score, max_score, message
    FROM checks WHERE grade = ? ORDER BY part, position""",
    """SELECT part, position, rule, row, message
    FROM hint WHERE grade = ? ORDER BY part, position""",
)


@dataclass(frozen=True)
class Details:
    """What of a part nobody looks for by a query; `training` only where it is in no other table."""

    notes: tuple[str, ...]
    rows: tuple[AlignedRow, ...]
    reference_totals: Totals
    submitted_totals: Totals
    training: Training | None


@dataclass(frozen=True)
class _Entry:
    """A grade as it stands in the tables; rows of parts, checks and hints begin with the part."""

    grade: Columns
    parts: tuple[Columns, ...]
    checks: tuple[Columns, ...]
    hints: tuple[Columns, ...]


def keep_grade(database: Database, run: int | None, grade: Grade) -> bool:
    """Make this grade the current one of its submission; False where it is that already.

    Parts that are not in it stay as they are. Marks, deductions and adjustments are kept apart
    and not looked at.
    """
    with database.transaction():
        number = database.value(
            "SELECT id FROM grade WHERE submission = ? AND is_current", (grade.submission,)
        )
        before = None if number is None else _read(database, number)
        for training in (part.training for part in grade.parts):
            if training is not None and _has_row(training):
                _keep_unknown(database, training)
        entry = _entry(grade, before)
        if entry == before:
            return False
        database.write("UPDATE grade SET is_current = 0 WHERE id = ?", (number,))
        _insert(database, run, grade.submission, entry)
        kind = Kind.GRADED if before is None else Kind.REGRADED
        was = "" if before is None else f"{_points(before)} -> "
        note(database, run, kind, grade.submission, was + _points(entry))
    return True


def drop_parts(database: Database, run: int | None, known: Collection[str]) -> tuple[str, ...]:
    """Take parts that are not `known` out of all current grades; the ids of those parts.

    What they were stays in the history.
    """
    current = "SELECT DISTINCT part FROM part JOIN grade ON grade.id = part.grade WHERE is_current"
    gone = {row["part"] for row in database.rows(current)} - set(known)
    if not gone:
        return ()
    with database.transaction():
        for row in database.rows("SELECT id, submission FROM grade WHERE is_current ORDER BY id"):
            before = _read(database, row["id"])
            old = gone & {part[0] for part in before.parts}
            if not old:
                continue
            kept = [
                tuple(one for one in rows if one[0] not in old)
                for rows in (before.parts, before.checks, before.hints)
            ]
            entry = _Entry((*_sums(kept[0]), *before.grade[2:]), *kept)
            database.write("UPDATE grade SET is_current = 0 WHERE id = ?", (row["id"],))
            _insert(database, run, row["submission"], entry)
            detail = f"{_points(before)} -> {_points(entry)}, without {', '.join(sorted(old))}"
            note(database, run, Kind.REGRADED, row["submission"], detail)
    return tuple(sorted(gone))


def _sums(parts: Iterable[Columns]) -> tuple[float, float]:
    """The score and the maximum of rows of parts."""
    rows = list(parts)
    return round(sum(row[2] for row in rows), 2), round(sum(row[3] for row in rows), 2)


def _entry(grade: Grade, before: _Entry | None) -> _Entry:
    """The grade as rows, together with the parts from before that it does not hold."""
    graded = {part.part for part in grade.parts}
    old = before or _Entry((), (), (), ())
    parts = _joined(old.parts, graded, map(_part_row, grade.parts))
    return _Entry(
        grade=(
            *_sums(parts),
            storable(grade.report),
            grade.attempt,
            grade.submitted_at,
            encode(grade.notices),
        ),
        parts=parts,
        checks=_joined(
            old.checks,
            graded,
            (
                (
                    p.part,
                    i,
                    c.name.value,
                    c.outcome.value,
                    c.score,
                    c.max_score,
                    storable(c.message),
                )
                for p in grade.parts
                for i, c in enumerate(p.checks)
            ),
        ),
        hints=_joined(
            old.hints,
            graded,
            (
                (p.part, i, hint.rule.value, hint.row, storable(hint.message))
                for p in grade.parts
                for i, hint in enumerate(p.hints)
            ),
        ),
    )


def _joined(
    old: Sequence[Columns], replaced: set[str], new: Iterable[Columns]
) -> tuple[Columns, ...]:
    kept = [row for row in old if row[0] not in replaced]
    return tuple(sorted([*kept, *new], key=lambda row: row[:2]))


def _part_row(part: PartGrade) -> Columns:
    training = part.training
    in_table = training is not None and _has_row(training)
    details = Details(
        part.notes,
        part.rows,
        part.reference_totals,
        part.submitted_totals,
        None if in_table else training,
    )
    return (
        part.part,
        part.outcome.value,
        part.score,
        part.max_score,
        storable(part.answer),
        storable(part.output),
        part.threshold,
        storable(training.key) if training is not None and in_table else None,
        encode(details),
        part.submitted_at,
        part.target.value,
    )


def _has_row(training: Training) -> bool:
    """Whether it stands in the table of trainings: what the grader failed at does not."""
    return training.outcome is not Outcome.GRADER_ERROR


def _keep_unknown(database: Database, training: Training) -> None:
    key = storable(training.key)
    if database.value("SELECT 1 FROM training WHERE key = ?", (key,)) is None:
        insert_training(database, training)


def _read(database: Database, number: int) -> _Entry:
    """The grade with this number."""
    grade, parts, checks, hints = (
        tuple(map(tuple, database.rows(query, (number,)))) for query in _QUERIES
    )
    return _Entry(grade[0], parts, checks, hints)


def _insert(database: Database, run: int | None, submission: str, entry: _Entry) -> None:
    number = database.write(
        "INSERT INTO grade (submission, run, graded_at, is_current, "
        "score, max_score, report, attempt, submitted_at, notices) "
        "VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, ?)",
        (submission, run, now(), *entry.grade),
    )
    statements = {
        "INSERT INTO part VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)": entry.parts,
        "INSERT INTO checks VALUES (?, ?, ?, ?, ?, ?, ?, ?)": entry.checks,
        "INSERT INTO hint VALUES (?, ?, ?, ?, ?, ?)": entry.hints,
    }
    for statement, rows in statements.items():
        database.write_all(statement, [(number, *row) for row in rows])


def _points(entry: _Entry) -> str:
    score, max_score = entry.grade[:2]
    return f"{score:g} of {max_score:g}"
