"""Training, step 6: measure what a trained network makes of the three splits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np

from grader.records import Protocol, Splits, Target, WrongImage
from grader.training.batches import Batches
from grader.training.endings import Figures
from grader.training.prepare import Floats, Labels, Targets

ACCURACY, ERROR = "accuracy", "error"


def metric(protocol: Protocol, *, sparse: bool) -> Any:  # noqa: ANN401 - Keras ships no types
    """What is measured beside the loss: accuracy, or the error where numbers are to be told.

    The error is the protocol's loss, also where the network is trained with another, and without
    what regularizers add. `sparse` is whether labels are integers.
    """
    match protocol.target:
        case Target.NUMBERS:
            return keras.metrics.MeanMetricWrapper(getattr(keras.losses, protocol.loss), ERROR)
        case Target.YES_OR_NO:
            return keras.metrics.BinaryAccuracy(ACCURACY)
        case _ if sparse:
            return keras.metrics.SparseCategoricalAccuracy(ACCURACY)
        case _:
            return keras.metrics.CategoricalAccuracy(ACCURACY)


def measure(
    model: keras.Model,
    splits: Mapping[str, Batches],
    test_targets: Targets,
    target: Target,
    num_classes: int,
) -> Figures:
    """Accuracy and loss of all splits in inference mode, and what became of each test example.

    Of numbers only the error. `loss` may hold NaN or infinity.
    """
    logs = {
        name: model.evaluate(split.in_order(), verbose=0, return_dict=True)
        for name, split in splits.items()
    }
    if target.has_error:
        return Figures(loss=Splits(**{name: figures[ERROR] for name, figures in logs.items()}))
    labels: Labels = test_targets.astype(np.int64)
    probabilities = _probabilities(model, splits["test"], target)
    said = probabilities.argmax(axis=1)
    confusion = np.zeros((num_classes, num_classes), dtype=np.int64)
    np.add.at(confusion, (labels, said), 1)
    return Figures(
        accuracy=Splits(
            train=logs["train"][ACCURACY],
            valid=logs["valid"][ACCURACY],
            # Counted, so that it always agrees with the confusion matrix.
            test=float(np.trace(confusion)) / len(labels),
        ),
        loss=Splits(**{name: figures["loss"] for name, figures in logs.items()}),
        confusion=tuple(tuple(int(n) for n in row) for row in confusion),
        wrong=wrong_images(probabilities, labels),
    )


def wrong_images(probabilities: Floats, labels: Labels) -> tuple[WrongImage, ...]:
    """The examples, in their order, whose largest probability is not at their label.

    `probabilities` is (n, num_classes), `labels` (n,).
    """
    said = probabilities.argmax(axis=1)
    return tuple(
        WrongImage(
            index=int(index),
            label=int(labels[index]),
            said=int(said[index]),
            probability=float(probabilities[index, said[index]]),
        )
        for index in np.flatnonzero(said != labels)
    )


def _probabilities(model: keras.Model, split: Batches, target: Target) -> Floats:
    """Those of all classes, (n, num_classes); of yes and no both, as the network gives one."""
    given = np.concatenate([model(x, training=False).numpy() for x, _ in split.in_order()])
    return np.concatenate([1 - given, given], axis=1) if target is Target.YES_OR_NO else given
