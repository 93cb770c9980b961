"""Telling: what becomes of a worksheet that is filled in, and who is left for the teacher."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader.export.matching import Placement, Trouble
from grader.records import CheckName, Grade, Outcome, Run
from grader.text import printable_name


@dataclass(frozen=True)
class Filled:
    """A worksheet with grades in it.

    `told` is what was chosen; `left` names, with the reason, everyone whose grade could not be
    entered; `without` are the worksheet's students of whom there is no submission.
    """

    content: bytes
    num_grades: int
    told: tuple[str, ...]
    left: tuple[str, ...]
    without: tuple[str, ...]


def who(grade: Grade) -> str:
    """The student and the submission, as both are looked for."""
    return f"{printable_name(grade.student.name)} ({printable_name(grade.submission)})"


def is_certain(grade: Grade) -> bool:
    """Whether the points say what the submission is worth: the grader itself failed nowhere."""
    return grade.max_score > 0 and all(
        part.outcome is not Outcome.GRADER_ERROR for part in grade.parts
    )


def uncertain(grade: Grade) -> str:
    """Why there is no grade to be exported for this submission."""
    if grade.max_score <= 0:
        return f"{who(grade)}: nothing of it was graded."
    return f"{who(grade)}: the grader itself failed here. Run `grader grade` again."


def without_training(run: Run) -> bool:
    """Whether points are missing from the run because no training was asked for."""
    return any(
        check.name is CheckName.TRAINING
        and check.outcome is Outcome.SKIPPED
        and check.max_score == 0
        for grade in run.grades
        for part in grade.parts
        for check in part.checks
    )


def partly_marked(run: Run) -> Mapping[str, int]:
    """The parts of which some answers have points, and how many of each have none yet."""
    parts = [part for grade in run.grades for part in grade.parts]
    marked = {part.part for part in parts if part.mark is not None}
    return Counter(part.part for part in parts if part.mark is None and part.part in marked)


def unplaced(grade: Grade, placement: Placement, names: Sequence[str]) -> str:
    """Why a submission has no line of its own; `names` are those of the lines in doubt."""
    listed = ", ".join(printable_name(name) for name in names)
    match placement.trouble:
        case Trouble.SEVERAL:
            reason = f"several lines could be meant: {listed}"
        case Trouble.CONTRADICTION:
            reason = f"number, address and name point to different lines: {listed}"
        case Trouble.CLAIMED:
            reason = f"another submission belongs to the same line: {listed}"
        case _:
            reason = "no line of the worksheet is theirs"
    return f"{who(grade)}: {reason}."


def contested(grade: Grade, name: str) -> str:
    """Why a member of a group does not get the group's grade; `name` is that of the line."""
    return f"{printable_name(name)}: another submission than {who(grade)} is theirs as well."
