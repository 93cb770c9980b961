"""Words: outcomes and points of a submission, and the facts of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grader.records.networks import UNKNOWN_TOTALS, AlignedRow, Hint, Totals
from grader.records.outcomes import CheckName, Outcome
from grader.records.sheets import Target
from grader.records.submissions import HandIn, Student
from grader.records.trainings import DataFacts, Training


@dataclass(frozen=True)
class Check:
    """One check of a part with its outcome, points and sentence."""

    name: CheckName
    outcome: Outcome
    score: float
    max_score: float
    message: str


@dataclass(frozen=True)
class Mark:
    """Points by hand for an answer, out of so many; `answer` is the text that was read then."""

    points: float
    max_points: float
    comment: str
    answer: str


@dataclass(frozen=True)
class PartGrade:
    """Everything that is known about one part of one submission.

    `score` and `max_score` are those of the checks, and of the answer once it has a mark.
    `submitted_at` is when this part was handed in, where that is known. `threshold` is of the
    test accuracy, or of the test error where `target` has one.
    """

    part: str
    outcome: Outcome
    score: float
    max_score: float
    checks: tuple[Check, ...]
    hints: tuple[Hint, ...] = ()
    notes: tuple[str, ...] = ()
    rows: tuple[AlignedRow, ...] = ()
    reference_totals: Totals = UNKNOWN_TOTALS
    submitted_totals: Totals = UNKNOWN_TOTALS
    answer: str = ""
    mark: Mark | None = None
    output: str = ""
    training: Training | None = None
    threshold: float | None = None
    shared_with: int = 0
    submitted_at: str | None = None
    target: Target = Target.PERSONS


@dataclass(frozen=True)
class Adjustment:
    """A correction by hand: so many points more (or less) for a part than its checks give."""

    part: str
    points: float
    reason: str
    made_at: str


@dataclass(frozen=True)
class Deduction:
    """What the parts of a sheet lose because they were handed in late: `points` below 0."""

    sheet: str
    points: float
    reason: str
    made_at: str


@dataclass(frozen=True)
class Grade:
    """All outcomes and points of one submission. `report` is its page's relative path.

    `score` is the sum of the parts' points, the deductions for being late and the adjustments, and
    never below 0.
    """

    submission: str
    student: Student
    score: float
    max_score: float
    parts: tuple[PartGrade, ...]
    report: str
    notices: tuple[str, ...] = ()
    attempt: int = 1
    submitted_at: str | None = None
    adjustments: tuple[Adjustment, ...] = ()
    late: tuple[Deduction, ...] = ()
    hand_in: HandIn | None = None


@dataclass(frozen=True)
class Unclear:
    """A student of the roster, and the submissions any one of which may be theirs."""

    student: Student
    submissions: tuple[str, ...]


@dataclass(frozen=True)
class SameFile:
    """The submissions, two or more, that hold the same file for a part."""

    part: str
    submissions: tuple[str, ...]


@dataclass(frozen=True)
class Run:
    """The facts of one run over submissions, and its grades in the order of their ids.

    `missing` are students of the roster who handed in nothing, `unclear` those for whom that
    cannot be told. `untimed` are the ids of submissions with a due date of which nobody knows when
    they were handed in. `started_at` is when the run began, as ISO 8601 in UTC.
    """

    grader: str
    data: DataFacts
    versions: Mapping[str, str]
    sandbox: str
    grades: tuple[Grade, ...]
    missing: tuple[Student, ...] = ()
    unclear: tuple[Unclear, ...] = ()
    same_files: tuple[SameFile, ...] = ()
    untimed: tuple[str, ...] = ()
    started_at: str | None = None
