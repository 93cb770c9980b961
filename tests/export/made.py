"""Grades for the tests of exports, as the platforms' downloads would give them."""

from __future__ import annotations

from collections.abc import Mapping

from grader.records import (
    Adjustment,
    Check,
    CheckName,
    DataFacts,
    Grade,
    HandIn,
    Hint,
    Outcome,
    PartGrade,
    Rule,
    Run,
    Student,
    System,
)

POINTS: Mapping[CheckName, float] = dict(zip(CheckName, (0.5, 1.5, 0.5, 0.5, 1.0), strict=True))
PADDING = Hint(Rule.PADDING, 1, 'Your convolution gives 46 x 46: padding="same" keeps <48 x 48>.')


def part_grade(part: str, *outcomes: Outcome, partial: float = 0.0) -> PartGrade:
    """A part whose first checks came out like this; the rest was skipped, `partial` was reached."""
    padded = [*outcomes, *[Outcome.SKIPPED] * (len(CheckName) - len(outcomes))]
    checks = []
    for name, outcome in zip(CheckName, padded, strict=True):
        done = outcome is Outcome.PASSED
        score = POINTS[name] if done else partial if outcome is outcomes[-1] else 0.0
        checks.append(Check(name, outcome, score, POINTS[name], "" if done else f"{name}: look."))
    return PartGrade(
        part=part,
        outcome=outcomes[-1],
        score=sum(check.score for check in checks),
        max_score=sum(POINTS.values()),
        checks=tuple(checks),
        hints=(PADDING,) if outcomes[-1] is Outcome.FAILED else (),
    )


PASSED = part_grade("cnn_a", *[Outcome.PASSED] * 5)
FAILED = part_grade("cnn_a", Outcome.PASSED, Outcome.FAILED, partial=0.5)
NOT_ATTEMPTED = part_grade("cnn_b", Outcome.NOT_ATTEMPTED)
TROUBLED = part_grade("cnn_b", Outcome.PASSED, Outcome.PASSED, Outcome.GRADER_ERROR)


def grade_of(
    student: Student | str,
    *parts: PartGrade,
    submission: str = "",
    hand_in: HandIn | None = None,
    by_hand: float = 0.0,
) -> Grade:
    """The grade of one submission of these parts (by default one that passed)."""
    who = Student(student) if isinstance(student, str) else student
    known = submission or "_".join(who.name.lower().replace(",", "").split())
    parts = parts or (PASSED,)
    adjustments = (Adjustment(parts[0].part, by_hand, "Talked about it.", "2026-01-01"),)
    return Grade(
        submission=known,
        student=who,
        score=sum(part.score for part in parts) + by_hand,
        max_score=sum(part.max_score for part in parts),
        parts=parts,
        report=f"students/{known}/index.html",
        hand_in=hand_in,
        adjustments=adjustments if by_hand else (),
    )


def from_moodle(name: str, number: int, *parts: PartGrade) -> Grade:
    """A grade of what was in a folder of Moodle's."""
    folder = f"{name}_{number}_assignsubmission_file"
    student = Student(name, str(number))
    return grade_of(student, *parts, hand_in=HandIn(System.MOODLE, folder))


def from_canvas(name: str, number: int, *parts: PartGrade) -> Grade:
    """A grade of what Canvas calls `doejane_12345`."""
    student = Student(name, str(number))
    return grade_of(student, *parts, hand_in=HandIn(System.CANVAS, f"{name}_{number}"))


def run_of(*grades: Grade) -> Run:
    """A run with these grades."""
    return Run(
        grader="0.1.0",
        data=DataFacts("invented faces", "0" * 64, ("Ada", "Bo")),
        versions={"python": "3.12.1", "keras": "3.15.1", "tensorflow": "2.21.0"},
        sandbox="bubblewrap",
        grades=grades,
    )
