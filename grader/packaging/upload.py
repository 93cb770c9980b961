"""Packages, where they run: what Gradescope tells of a submission, and where things lie there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.records import Student

_NOBODY = Student("submission")


@dataclass(frozen=True)
class Places:
    """The folder of an autograder, as Gradescope lays it out.

    (gradescope/autograder_samples, docs/specs.md)
    """

    root: Path

    @property
    def source(self) -> Path:
        """The package, unpacked."""
        return self.root / "source"

    @property
    def submission(self) -> Path:
        """What the student handed in."""
        return self.root / "submission"

    @property
    def metadata(self) -> Path:
        """What is told of it."""
        return self.root / "submission_metadata.json"

    @property
    def results(self) -> Path:
        """What has to be there in the end."""
        return self.root / "results" / "results.json"


@dataclass(frozen=True)
class Upload:
    """What is told of a submission; what is not told is as if it were the only one, of nobody."""

    id: str = "submission"
    student: Student = _NOBODY
    submitted_at: str | None = None
    attempt: int = 1
    total_points: float | None = None


def read_upload(path: Path) -> Upload:
    """What this submission_metadata.json tells; nothing where it is missing or not as expected."""
    try:
        told = json.loads(path.read_bytes())
        users = [Student(str(user["name"]), email=_text(user, "email")) for user in told["users"]]
        everyone = Student(", ".join(user.name for user in users), email=users[0].email)
        return Upload(
            id=str(told["id"]),
            student=everyone,
            submitted_at=_text(told, "created_at"),
            attempt=len(told.get("previous_submissions") or ()) + 1,
            # A number as text.
            total_points=float(told["assignment"]["total_points"]),
        )
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
        return Upload()


def _text(told: Mapping[str, Any], key: str) -> str | None:
    value = told.get(key)
    return value if isinstance(value, str) else None
