"""Telling: a grade as a list of single results, for formats that know tests and not parts."""

from __future__ import annotations

from dataclasses import dataclass, replace

from grader import messages
from grader.records import Check, CheckName, Grade, Mark, Outcome, PartGrade
from grader.text import printable

_DIGITS = 4


@dataclass(frozen=True)
class Entry:
    """One result: a check of a part, or points that no check gave, with all that is said of it.

    The text is fit to be shown. `part` is empty for what concerns the whole submission, and
    `seconds` are those that a training took.
    """

    name: str
    number: str
    outcome: Outcome
    score: float
    max_score: float
    text: str = ""
    part: str = ""
    seconds: float = 0.0


def entries(grade: Grade) -> list[Entry]:
    """The checks and marked answers of all parts, then what was taken or given besides.

    Together they are the grade. The hints of a part stand with the check that decided it.
    """
    found = [
        entry for number, part in enumerate(grade.parts, 1) for entry in _of_part(part, number)
    ]
    late = round(sum(made.points for made in grade.late), _DIGITS)
    if late:
        text = _joined(*map(messages.deduction_message, grade.late))
        number = str(len(grade.parts) + 1)
        found.append(Entry("Handed in late", number, Outcome.FAILED, late, 0.0, text))
    if grade.adjustments:
        score, _ = _missing(grade, found)
        outcome = Outcome.PASSED if score >= 0 else Outcome.FAILED
        number = str(len(grade.parts) + 1 + bool(late))
        text = _joined(*map(messages.adjustment_message, grade.adjustments))
        found.append(Entry("Points by hand", number, outcome, score, 0.0, text))
    return _balanced(grade, found)


def _missing(grade: Grade, found: list[Entry]) -> tuple[float, float]:
    """The points and the maximum that the grade has beyond those of the entries."""
    return (
        round(grade.score - sum(entry.score for entry in found), _DIGITS),
        round(grade.max_score - sum(entry.max_score for entry in found), _DIGITS),
    )


def _balanced(grade: Grade, found: list[Entry]) -> list[Entry]:
    """The entries with what rounding left over, of scaled points say, put to the largest."""
    score, max_score = _missing(grade, found)
    if found and (score or max_score):
        place = max(range(len(found)), key=lambda n: (found[n].max_score, found[n].score))
        largest = found[place]
        found[place] = replace(
            largest,
            score=round(largest.score + score, _DIGITS),
            max_score=round(largest.max_score + max_score, _DIGITS),
        )
    return found


def _of_part(part: PartGrade, number: int) -> list[Entry]:
    deciding = messages.first_open_check(part)
    checks = [
        Entry(
            name=f"{part.part}: {messages.check_title(check.name, part.target)}",
            number=f"{number}.{place}",
            outcome=check.outcome,
            score=check.score,
            max_score=check.max_score,
            text=_joined(check.message, *(h.message for h in part.hints if check is deciding)),
            part=part.part,
            seconds=_seconds(part, check),
        )
        for place, check in enumerate(part.checks, 1)
    ]
    return checks if part.mark is None else [*checks, _of_answer(part, part.mark, number)]


def _of_answer(part: PartGrade, mark: Mark, number: int) -> Entry:
    return Entry(
        name=f"{part.part}: The answer to the question",
        number=f"{number}.{len(part.checks) + 1}",
        outcome=Outcome.PASSED if mark.points >= mark.max_points else Outcome.FAILED,
        score=mark.points,
        max_score=mark.max_points,
        text=_joined(messages.mark_message(part)),
        part=part.part,
    )


def _seconds(part: PartGrade, check: Check) -> float:
    if check.name is not CheckName.TRAINING or part.training is None:
        return 0.0
    return part.training.seconds


def _joined(*texts: str) -> str:
    # one by one: an escape that breaks off would swallow the rest
    return "\n".join(map(printable, texts)).strip()
