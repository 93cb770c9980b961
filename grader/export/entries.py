"""Telling: a grade as a list of single results, for formats that know tests and not parts."""

from __future__ import annotations

from dataclasses import dataclass

from grader import messages
from grader.records import Grade, Outcome, PartGrade
from grader.text import printable

_DIGITS = 4


@dataclass(frozen=True)
class Entry:
    """One result: a check of a part, or the points by hand, with all that is said about it.

    The text is fit to be shown.
    """

    name: str
    number: str
    outcome: Outcome
    score: float
    max_score: float
    text: str = ""


def entries(grade: Grade) -> list[Entry]:
    """The checks of all parts, and one more for points that no check gave; together the grade.

    The hints of a part stand with the check that decided it.
    """
    found = [
        entry for number, part in enumerate(grade.parts, 1) for entry in _of_part(part, number)
    ]
    score = round(grade.score - sum(entry.score for entry in found), _DIGITS)
    max_score = round(grade.max_score - sum(entry.max_score for entry in found), _DIGITS)
    if score or max_score:
        outcome = Outcome.PASSED if score >= max_score else Outcome.FAILED
        number = str(len(grade.parts) + 1)
        text = _joined(*map(messages.adjustment_message, grade.adjustments))
        found.append(Entry("Points by hand", number, outcome, score, max_score, text))
    return found


def _of_part(part: PartGrade, number: int) -> list[Entry]:
    deciding = messages.first_open_check(part)
    return [
        Entry(
            name=f"{part.part}: {messages.check_title(check.name)}",
            number=f"{number}.{place}",
            outcome=check.outcome,
            score=check.score,
            max_score=check.max_score,
            text=_joined(check.message, *(h.message for h in part.hints if check is deciding)),
        )
        for place, check in enumerate(part.checks, 1)
    ]


def _joined(*texts: str) -> str:
    # one by one: an escape that breaks off would swallow the rest
    return "\n".join(map(printable, texts)).strip()
