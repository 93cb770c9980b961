"""Gradebook: its tables, version by version; docs/gradebook.md says what stands in them."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

# Tells a gradebook from any other SQLite file: "8fgb".
APPLICATION_ID = 0x38666762

_VERSION_1 = """
CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    started_at TEXT NOT NULL,
    ended_at TEXT,
    ending TEXT CHECK (ending IN ('finished', 'stopped', 'failed')),
    grader TEXT NOT NULL,
    sandbox TEXT NOT NULL,
    data_name TEXT NOT NULL,
    data_sha256 TEXT NOT NULL,
    data_path TEXT,
    persons TEXT NOT NULL,
    versions TEXT NOT NULL,
    options TEXT NOT NULL,
    parts TEXT NOT NULL
);
CREATE TABLE submission (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    student_id TEXT,
    email TEXT,
    place TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    submitted_at TEXT,
    hand_in TEXT,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    removed_at TEXT
);
CREATE INDEX submission_place ON submission (place);
CREATE TABLE file (
    submission TEXT NOT NULL REFERENCES submission,
    part TEXT NOT NULL,
    path TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (submission, part, path)
);
CREATE INDEX file_sha256 ON file (sha256);
CREATE TABLE description (
    key TEXT PRIMARY KEY,
    part TEXT NOT NULL,
    made_at TEXT NOT NULL,
    record TEXT NOT NULL
);
CREATE TABLE network (
    key TEXT PRIMARY KEY,
    made_at TEXT NOT NULL,
    record TEXT NOT NULL
);
CREATE TABLE training (
    key TEXT PRIMARY KEY,
    made_at TEXT NOT NULL,
    outcome TEXT NOT NULL,
    train_accuracy REAL,
    valid_accuracy REAL,
    test_accuracy REAL,
    epochs INTEGER NOT NULL,
    seconds REAL NOT NULL,
    cpu_seconds REAL NOT NULL,
    record TEXT NOT NULL
);
CREATE TABLE grade (
    id INTEGER PRIMARY KEY,
    submission TEXT NOT NULL REFERENCES submission,
    run INTEGER NOT NULL REFERENCES run,
    graded_at TEXT NOT NULL,
    is_current INTEGER NOT NULL CHECK (is_current IN (0, 1)),
    score REAL NOT NULL,
    max_score REAL NOT NULL,
    report TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    submitted_at TEXT,
    notices TEXT NOT NULL
);
CREATE UNIQUE INDEX grade_current ON grade (submission) WHERE is_current;
CREATE TABLE part (
    grade INTEGER NOT NULL REFERENCES grade,
    part TEXT NOT NULL,
    outcome TEXT NOT NULL,
    score REAL NOT NULL,
    max_score REAL NOT NULL,
    answer TEXT NOT NULL,
    answer_score REAL,
    output TEXT NOT NULL,
    threshold REAL,
    training TEXT REFERENCES training,
    details TEXT NOT NULL,
    PRIMARY KEY (grade, part)
);
CREATE TABLE checks (
    grade INTEGER NOT NULL,
    part TEXT NOT NULL,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    outcome TEXT NOT NULL,
    score REAL NOT NULL,
    max_score REAL NOT NULL,
    message TEXT NOT NULL,
    PRIMARY KEY (grade, part, position),
    FOREIGN KEY (grade, part) REFERENCES part
);
CREATE TABLE hint (
    grade INTEGER NOT NULL,
    part TEXT NOT NULL,
    position INTEGER NOT NULL,
    rule TEXT NOT NULL,
    row INTEGER,
    message TEXT NOT NULL,
    PRIMARY KEY (grade, part, position),
    FOREIGN KEY (grade, part) REFERENCES part
);
CREATE TABLE adjustment (
    submission TEXT NOT NULL REFERENCES submission,
    part TEXT NOT NULL,
    points REAL NOT NULL,
    reason TEXT NOT NULL,
    made_at TEXT NOT NULL,
    PRIMARY KEY (submission, part)
);
CREATE TABLE roster (
    position INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    student_id TEXT,
    email TEXT
);
CREATE TABLE page (
    path TEXT PRIMARY KEY,
    digest TEXT NOT NULL
);
CREATE TABLE event (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    run INTEGER REFERENCES run,
    kind TEXT NOT NULL,
    submission TEXT REFERENCES submission,
    detail TEXT NOT NULL
);
CREATE VIEW result AS
SELECT
    submission.id AS submission,
    submission.name,
    submission.student_id,
    submission.email,
    max(0, round(grade.score + coalesce(
        (SELECT sum(points) FROM adjustment WHERE adjustment.submission = submission.id), 0
    ), 2)) AS score,
    grade.max_score,
    grade.graded_at,
    grade.id AS grade
FROM submission
JOIN grade ON grade.submission = submission.id AND grade.is_current
WHERE submission.removed_at IS NULL
ORDER BY submission.id;
"""

# Points by hand for answers, and what is taken from late hand-ins. `late.points` is null where
# nobody knows when it was handed in. Marks outlast gradings, and so stand beside the grades.
_VERSION_2 = """
ALTER TABLE part DROP COLUMN answer_score;
ALTER TABLE part ADD COLUMN submitted_at TEXT;
UPDATE part SET submitted_at = (SELECT submitted_at FROM grade WHERE grade.id = part.grade);
CREATE TABLE mark (
    submission TEXT NOT NULL REFERENCES submission,
    part TEXT NOT NULL,
    points REAL NOT NULL,
    max_points REAL NOT NULL,
    comment TEXT NOT NULL,
    answer TEXT NOT NULL,
    made_at TEXT NOT NULL,
    PRIMARY KEY (submission, part)
);
CREATE TABLE late (
    submission TEXT NOT NULL REFERENCES submission,
    sheet TEXT NOT NULL,
    points REAL,
    reason TEXT NOT NULL,
    made_at TEXT NOT NULL,
    PRIMARY KEY (submission, sheet)
);
DROP VIEW result;
CREATE VIEW result AS
SELECT
    submission.id AS submission,
    submission.name,
    submission.student_id,
    submission.email,
    max(0, round(grade.score + coalesce(
        (SELECT sum(points) FROM mark WHERE mark.submission = submission.id), 0
    ) + coalesce(
        (SELECT sum(points) FROM late WHERE late.submission = submission.id), 0
    ) + coalesce(
        (SELECT sum(points) FROM adjustment WHERE adjustment.submission = submission.id), 0
    ), 2)) AS score,
    round(grade.max_score + coalesce(
        (SELECT sum(max_points) FROM mark WHERE mark.submission = submission.id), 0
    ), 2) AS max_score,
    grade.graded_at,
    grade.id AS grade
FROM submission
JOIN grade ON grade.submission = submission.id AND grade.is_current
WHERE submission.removed_at IS NULL
ORDER BY submission.id;
"""

# Points by hand count as long as there is a grade of their part: an author may have renamed it.
_VERSION_3 = """
DROP VIEW result;
CREATE VIEW result AS
SELECT
    submission.id AS submission,
    submission.name,
    submission.student_id,
    submission.email,
    max(0, round(grade.score + coalesce(
        (SELECT sum(points) FROM mark JOIN part USING (part)
        WHERE mark.submission = submission.id AND part.grade = grade.id), 0
    ) + coalesce(
        (SELECT sum(points) FROM late WHERE late.submission = submission.id), 0
    ) + coalesce(
        (SELECT sum(points) FROM adjustment JOIN part USING (part)
        WHERE adjustment.submission = submission.id AND part.grade = grade.id), 0
    ), 2)) AS score,
    round(grade.max_score + coalesce(
        (SELECT sum(max_points) FROM mark JOIN part USING (part)
        WHERE mark.submission = submission.id AND part.grade = grade.id), 0
    ), 2) AS max_score,
    grade.graded_at,
    grade.id AS grade
FROM submission
JOIN grade ON grade.submission = submission.id AND grade.is_current
WHERE submission.removed_at IS NULL
ORDER BY submission.id;
"""

# What a part's networks tell: persons, as of all until now, other classes, or numbers.
_VERSION_4 = """
ALTER TABLE part ADD COLUMN target TEXT NOT NULL DEFAULT 'persons';
"""

# Statements that bring a gradebook from each version to the next; what was released stays as it is.
MIGRATIONS: Sequence[str] = (_VERSION_1, _VERSION_2, _VERSION_3, _VERSION_4)


def version_of(connection: sqlite3.Connection) -> int:
    """The version of the schema that this file has; 0 for an empty one."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def is_gradebook(connection: sqlite3.Connection) -> bool:
    """Whether the file says of itself that it is a gradebook."""
    (found,) = connection.execute("PRAGMA application_id").fetchone()
    return bool(found == APPLICATION_ID)


def migrate(connection: sqlite3.Connection, migrations: Sequence[str] = MIGRATIONS) -> None:
    """Bring the schema to the newest version; each step is there as a whole or not at all."""
    for version in range(version_of(connection), len(migrations)):
        try:
            connection.executescript(
                f"BEGIN IMMEDIATE;\n{migrations[version]}\n"
                f"PRAGMA application_id = {APPLICATION_ID};\n"
                f"PRAGMA user_version = {version + 1};\nCOMMIT;"
            )
        except sqlite3.Error:
            if connection.in_transaction:
                connection.rollback()
            raise
