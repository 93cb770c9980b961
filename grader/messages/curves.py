"""Telling: what to look for in the learning curves, with their own numbers."""

from __future__ import annotations

import math

from grader.records import Grade, PartGrade


def curve_question(grade: Grade) -> str:
    """A question on the training in which the most was learnt by heart."""
    trained = [part for part in grade.parts if _gap(part) is not None]
    if not trained:
        return "There is nothing left to do here."
    part = max(trained, key=lambda part: _gap(part) or 0.0)
    assert part.training is not None  # noqa: S101 - it has a gap
    accuracy = [round(value, 3) for value in part.training.history.accuracy]
    valid = [round(value, 3) for value in part.training.history.val_accuracy]
    best = max(range(len(valid)), key=valid.__getitem__)
    if best == len(valid) - 1:
        return (
            f"Look at the curves of {part.part}: validation is best in the last epoch, at "
            f"{valid[best]:.3f}. Would more epochs bring more?"
        )
    return (
        f"Look at the curves of {part.part}: validation is best in epoch {best + 1}, at "
        f"{valid[best]:.3f}, and ends at {valid[-1]:.3f}, while training goes on from "
        f"{accuracy[best]:.3f} to {accuracy[-1]:.3f}. What is learnt after epoch {best + 1}?"
    )


def _gap(part: PartGrade) -> float | None:
    """By how much training ends above validation; None where there are no finite curves."""
    history = part.training.history if part.training else None
    if (
        history is None
        or not history.accuracy
        or len(history.accuracy) != len(history.val_accuracy)
    ):
        return None
    values = (*history.accuracy, *history.val_accuracy)
    return (
        values[len(history.accuracy) - 1] - values[-1] if all(map(math.isfinite, values)) else None
    )
