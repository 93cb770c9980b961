"""Training, step 5: how a training can end, in figures and words. No Keras here."""

from __future__ import annotations

from dataclasses import dataclass

from grader import messages
from grader.records import History, Outcome, Splits, Training, WrongImage
from grader.training.key import training_key, versions
from grader.training.task import TrainingTask

UNKNOWN = Splits(None, None, None)


@dataclass(frozen=True)
class Figures:
    """What a network in its present state makes of the three splits; see `Training`."""

    accuracy: Splits = UNKNOWN
    loss: Splits = UNKNOWN
    confusion: tuple[tuple[int, ...], ...] = ()
    wrong: tuple[WrongImage, ...] = ()


@dataclass(frozen=True)
class Spent:
    """What a training took: wall time, and CPU time of its process."""

    seconds: float
    cpu_seconds: float


@dataclass(frozen=True)
class Ending:
    """How a training ended, with the figures reached and a sentence where it did not pass."""

    outcome: Outcome
    figures: Figures = Figures()
    message: str = ""
    refused: bool = False


def passed(figures: Figures) -> Ending:
    """All epochs are done and all losses are finite."""
    return Ending(Outcome.PASSED, figures)


def not_finite(loss: float, epoch: int, epochs: int) -> Ending:
    """The loss became NaN or infinite in `epoch`, counted from 1."""
    return Ending(Outcome.FAILED, message=messages.not_finite_message(loss, epoch, epochs))


def refused(sentence: str) -> Ending:
    """Keras would not train the network with its settings; `sentence` is Keras' own."""
    return Ending(Outcome.FAILED, message=messages.refused_message(sentence), refused=True)


def timed_out(task: TrainingTask, cpu_limit: float, epochs: int, figures: Figures) -> Ending:
    """The limit of `cpu_limit` CPU seconds was reached with `epochs` of the protocol's finished."""
    target = task.protocol.target
    test = target.measured(figures).test
    message = messages.timed_out_message(cpu_limit, epochs, task.protocol.epochs, target, test)
    return Ending(Outcome.TIMED_OUT, figures, message)


def out_of_memory() -> Ending:
    """The worker's memory did not suffice."""
    return Ending(Outcome.OUT_OF_MEMORY, message=messages.out_of_memory_message())


def result(task: TrainingTask, ending: Ending, history: History, spent: Spent) -> Training:
    """The record of a training that ended so."""
    return Training(
        key=training_key(task, versions()),
        outcome=ending.outcome,
        accuracy=ending.figures.accuracy,
        loss=ending.figures.loss,
        epochs=len(history.loss),
        seconds=spent.seconds,
        cpu_seconds=spent.cpu_seconds,
        seed=task.protocol.seed,
        threads=task.threads,
        history=history,
        confusion=ending.figures.confusion,
        wrong=ending.figures.wrong,
        message=ending.message,
        refused=ending.refused,
        data=task.data.facts if task.data else None,
    )


def not_trained(task: TrainingTask, message: str) -> Training:
    """The record of a training that the grader could not do; never the student's fault."""
    ending = Ending(Outcome.GRADER_ERROR, message=message)
    return result(task, ending, History(), Spent(seconds=0.0, cpu_seconds=0.0))
