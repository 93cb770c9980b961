"""Telling: how a training went, what stopped it, and what to try."""

from __future__ import annotations

from grader.messages.words import count, error_text
from grader.records import Part, Progress, Rule, Target, Training


def budget_message(part: Part, threads: int) -> str:
    """How much of a training is to come."""
    minutes = part.time_limit_seconds / 60
    return (
        f"{part.id}: training {count(part.protocol.epochs, 'epoch')} on "
        f"{count(threads, 'core')}, about {minutes:.0f} min at most"
    )


def progress_message(part: Part, progress: Progress) -> str:
    """How far a training is, and what its last epoch gave."""
    has_error = part.target.has_error
    loss = f"error {error_text(progress.loss)}" if has_error else f"loss {progress.loss:.3f}"
    accuracy = "" if progress.accuracy is None else f", accuracy {progress.accuracy:.2f}"
    valid = "" if progress.val_accuracy is None else f", valid {progress.val_accuracy:.2f}"
    minutes, seconds = divmod(round(progress.seconds_left), 60)
    left = f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
    return (
        f"{part.id}: epoch {progress.epoch} of {progress.epochs}, {loss}"
        f"{accuracy}{valid}, {left} left"
    )


def not_finite_message(loss: float, epoch: int, epochs: int) -> str:
    """The loss became NaN or infinite in `epoch`, counted from 1."""
    return f"The loss became {loss} in epoch {epoch} of {epochs}; it has to stay a finite number."


def refused_message(sentence: str) -> str:
    """Keras would not train the network; `sentence` is its own."""
    return f"Keras could not train the network. It says: {sentence}"


def timed_out_message(
    cpu_limit: float, epochs: int, all_epochs: int, target: Target, test: float | None
) -> str:
    """The limit of so many CPU seconds was reached.

    `test` is the accuracy or error reached by then.
    """
    message = (
        f"The training was stopped after {cpu_limit:.0f} s of computing time, the limit of this "
        f"part on this machine, with {epochs} of {count(all_epochs, 'epoch')} finished."
    )
    if test is None:
        return message
    figure = f"error by then was {error_text(test)}"
    return (
        f"{message} The test {figure if target.has_error else f'accuracy by then was {test:.2f}'}."
    )


def out_of_memory_message() -> str:
    """The worker's memory did not suffice."""
    return "The training needed more memory than it may have."


def training_message(training: Training) -> str:
    """How far the training came."""
    done = f"{count(training.epochs, 'epoch')} in {training.seconds:.0f} s"
    return training.message or f"{done}, the loss stayed finite."


def training_hint(rule: Rule) -> str:
    """What to try when the training or its accuracy did not pass."""
    if rule is Rule.NOT_FINITE:
        return (
            "A learning rate that is too large is the usual cause. Try a smaller one, or return "
            "the model without compiling it: then the sheet's own optimizer is used."
        )
    if rule is Rule.EXCEPTION:
        return (
            "One of the settings that the table leaves to you does not work: a constraint, a "
            "regularizer, a dropout, the loss, or an option of the optimizer. Leave out the one "
            "that the sentence is about."
        )
    if rule is Rule.TIME_LIMIT:
        return (
            "Your network is that of the table, so it is the machine that was slow: close other "
            "programs and try again."
        )
    if rule is Rule.MEMORY_LIMIT:
        return (
            "The table's network needs less: look for a setting that the table does not show and "
            "that makes it work harder, such as a very large kernel or dilation."
        )
    return (
        "The table leaves activations, initializer, dropout rates and optimizer to you, and one "
        "of them holds your network back. The sheet's README names settings that work, and the "
        "report lists what you chose."
    )
