"""Telling: what to look for in the learning curves, with their own numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence

from grader.messages.words import error_text, example_word
from grader.records import Grade, PartGrade


def curve_question(grade: Grade) -> str:
    """A question on the training in which validation came furthest from its best."""
    losses = {part.part: found for part in grade.parts if (found := _losses(part)) is not None}
    if not losses:
        return (
            "There is nothing to change: the networks are those of the tables. They were not "
            "trained this time."
        )
    name, (train, valid) = max(losses.items(), key=lambda item: item[1][1][-1] - min(item[1][1]))
    target = next(part.target for part in grade.parts if part.part == name)
    example, what = example_word(target), "error" if target.has_error else "loss"
    told = error_text if target.has_error else "{:.3f}".format
    best = min(range(len(valid)), key=valid.__getitem__)
    if best == len(valid) - 1:
        return (
            f"Look at the {what} of {name}: on the validation {example}s it is lowest in the last "
            f"epoch, at {told(valid[best])}. Would more epochs bring more?"
        )
    return (
        f"Look at the {what} of {name}: on the validation {example}s it is lowest in epoch "
        f"{best + 1}, at {told(valid[best])}, and rises to {told(valid[-1])}, while on the "
        f"training {example}s it goes from {told(train[best])} to {told(train[-1])}. What does "
        f"the network learn after epoch {best + 1}?"
    )


def _losses(part: PartGrade) -> tuple[Sequence[float], Sequence[float]] | None:
    """After each epoch, of train and valid; None where not all of them are known."""
    history = part.training.history if part.training else None
    if history is None or not history.loss or len(history.loss) != len(history.val_loss):
        return None
    finite = all(map(math.isfinite, (*history.loss, *history.val_loss)))
    return (history.loss, history.val_loss) if finite else None
