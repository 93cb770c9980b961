"""Telling: what stands below a part in a notebook's cell, and what a training says meanwhile."""

from __future__ import annotations

from grader.messages.words import count
from grader.records import CheckName, Outcome, Part, PartGrade

_TRAINED = frozenset({CheckName.TRAINING, CheckName.ACCURACY})


def checking_message(part: Part) -> str:
    """Stands there until the first result; the first one takes longest."""
    return f"{part.id}: checking; the first time it takes some seconds until Keras is there."


def interruptible_message(budget: str) -> str:
    """What a training is about to take, and how to stop it."""
    return f"{budget}. Interrupting the cell stops it."


def interrupted_message(part: Part, num_epochs: int) -> str:
    """The training was interrupted when so many epochs were finished."""
    return (
        f"{part.id}: interrupted after {num_epochs} of {count(part.protocol.epochs, 'epoch')}. "
        "Nothing is kept of it; run the cell again to train from the beginning."
    )


def after_check(part: Part, grade: PartGrade) -> str:
    """The next step once the layers are right; empty before that, and where nothing is trained."""
    before = (c for c in grade.checks if c.name in part.points and c.name not in _TRAINED)
    if not part.is_trained or any(check.outcome is not Outcome.PASSED for check in before):
        return ""
    return f'It is the network of the table. Next: train("{part.id}", build_model)'


def before_training(part: Part) -> str:
    """Why there is no training, or none yet."""
    if not part.is_trained:
        return f"{part.id} is built and compared, and not trained."
    return f"{part.id} is trained as soon as the checks above pass."


def after_training(part: Part, grade: PartGrade, *, before: bool) -> tuple[str, ...]:
    """That the result is of an earlier training, and what is left to do."""
    lines = []
    if before:
        lines.append("This network was trained before, and gives the same numbers again.")
    if grade.outcome is Outcome.PASSED and part.question and not grade.answer.strip():
        lines.append(
            "Next: write your answer to the question between the quotes of ANSWER in the cell "
            f'"# part: {part.id}", run that cell, and then this one again.'
        )
    return tuple(lines)


def nothing_to_compare() -> str:
    """No part was looked at since the notebook's kernel began."""
    return "No part was checked or trained yet in this notebook: run their cells first."
