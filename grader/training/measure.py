"""Training, step 6: measure what a trained network makes of the three splits."""

from __future__ import annotations

from collections.abc import Mapping

import keras
import numpy as np

from grader.records import Splits, WrongImage
from grader.training.batches import Batches
from grader.training.endings import Figures
from grader.training.prepare import Floats, Labels


def measure(
    model: keras.Model, splits: Mapping[str, Batches], test_labels: Labels, num_classes: int
) -> Figures:
    """Accuracy and loss of all splits in inference mode, and what became of each test image.

    `loss` may hold NaN or infinity.
    """
    logs = {
        name: model.evaluate(split.in_order(), verbose=0, return_dict=True)
        for name, split in splits.items()
    }
    probabilities = _probabilities(model, splits["test"])
    said = probabilities.argmax(axis=1)
    confusion = np.zeros((num_classes, num_classes), dtype=np.int64)
    np.add.at(confusion, (test_labels, said), 1)
    return Figures(
        accuracy=Splits(
            train=logs["train"]["accuracy"],
            valid=logs["valid"]["accuracy"],
            # Counted, so that it always agrees with the confusion matrix.
            test=float(np.trace(confusion)) / len(test_labels),
        ),
        loss=Splits(**{name: figures["loss"] for name, figures in logs.items()}),
        confusion=tuple(tuple(int(n) for n in row) for row in confusion),
        wrong=wrong_images(probabilities, test_labels),
    )


def wrong_images(probabilities: Floats, labels: Labels) -> tuple[WrongImage, ...]:
    """The images, in their order, whose largest probability is not at their label.

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


def _probabilities(model: keras.Model, split: Batches) -> Floats:
    return np.concatenate([model(images, training=False).numpy() for images, _ in split.in_order()])
