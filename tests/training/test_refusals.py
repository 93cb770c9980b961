"""Settings that Keras refuses only in training are the submission's, not the grader's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from grader.architecture.compiled import read_compile
from grader.records import Architecture, Json, Outcome
from grader.training.task import TrainingTask
from grader.training.worker import Worker

pytestmark = pytest.mark.slow

MakeTask = Callable[..., TrainingTask]
Constrained = Callable[[dict[str, Json]], Architecture]


def keras_object(name: str, **config: Json) -> dict[str, Json]:
    """An object of Keras' own, as a description names it."""
    return {"class": name, "origin": "keras", "config": config}


# As a reply has it where the student chose neither.
NOT_CHOSEN: dict[str, Json] = {"optimizer": None, "loss": None}
COMPILED = {
    "two clips": (
        {"optimizer": keras_object("Adam", clipnorm=1.0, clipvalue=1.0)},
        "Only one of `clipnorm`, `clipvalue` and `global_clipnorm` can be set",
    ),
    "no steps": (
        {
            "optimizer": keras_object(
                "SGD",
                learning_rate=keras_object(
                    "CosineDecay", initial_learning_rate=0.1, decay_steps=0.0
                ),
            )
        },
        "`decay_steps` must be > 0",
    ),
    "axis of the loss": (
        {"loss": keras_object("CosineSimilarity", axis=5)},
        "Invalid reduction dimension 5 for input with 2 dimensions.",
    ),
}


@pytest.mark.parametrize(("compiled", "sentence"), COMPILED.values(), ids=COMPILED)
def test_compile_settings(
    worker: Worker, make_task: MakeTask, compiled: dict[str, Json], sentence: str
) -> None:
    """An optimizer or loss that cannot be used fails the training, in Keras' words."""
    task = make_task(epochs=1)
    chosen = read_compile(NOT_CHOSEN | compiled, task.protocol).config
    training = worker.train(replace(task, compile=chosen))

    assert (Outcome.FAILED, True) == (training.outcome, training.refused)
    assert sentence in training.message


def test_constraint(worker: Worker, make_task: MakeTask, constrained: Constrained) -> None:
    """A constraint that does not go with its kernel fails the training, in Keras' words."""
    architecture = constrained(keras_object("UnitNorm", axis=5))
    rebuilt = worker.rebuild(architecture)
    training = worker.train(make_task(epochs=1, architecture=architecture))

    assert rebuilt.fault is None
    assert (Outcome.FAILED, True, 0) == (training.outcome, training.refused, training.epochs)
    assert training.message.endswith(
        "It says: ValueError: Invalid reduction dimension 5 for input with 2 dimensions."
    )


def test_loss_of_integers(worker: Worker, make_task: MakeTask) -> None:
    """A loss that takes integer labels, and is no cross-entropy, is given them."""
    task = make_task(epochs=1)
    loss = keras_object("CategoricalGeneralizedCrossEntropy")
    compiled: dict[str, Json] = NOT_CHOSEN | {"loss": loss}
    training = worker.train(replace(task, compile=read_compile(compiled, task.protocol).config))

    assert Outcome.PASSED == training.outcome
