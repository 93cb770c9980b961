"""Gradebook: which submissions hold the same file."""

from __future__ import annotations

from itertools import groupby

from grader.gradebook.database import Database
from grader.records import SameFile


def same_files(database: Database) -> tuple[SameFile, ...]:
    """The files that two or more submissions hold for a part, blank lines and line ends apart.

    Stubs that were left as they are and empty files do not count.
    """
    rows = database.rows(
        "SELECT DISTINCT part, file.sha256, submission FROM file "
        "JOIN submission ON submission.id = file.submission AND removed_at IS NULL "
        "ORDER BY part, file.sha256, submission"
    )
    groups = (
        SameFile(part, tuple(row["submission"] for row in group))
        for (part, _), group in groupby(rows, key=lambda row: (row["part"], row["sha256"]))
    )
    found = (group for group in groups if len(group.submissions) > 1)
    return tuple(sorted(found, key=lambda group: (group.part, group.submissions)))
