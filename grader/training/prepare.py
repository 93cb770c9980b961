"""Training, step 3: examples scaled and in the network's shape, targets as the loss needs."""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from data.dataset import DataSet
from grader.errors import SheetError
from grader.records import Target

Floats: TypeAlias = NDArray[np.float32]
Labels: TypeAlias = NDArray[np.int64]
Targets: TypeAlias = Floats | Labels

# Keeps numbers that are the same in every training example from being divided by zero.
_EPSILON = np.float32(0.0001)


class PreparedData:
    """A data set ready for training; scaled once, however many trainings use it.

    `targets` holds the splits "train", "valid" and "test": labels int64 (n,), or float32 numbers.
    `example_shape` is of one image, or one example of a part's own; `num_classes` is 0 where
    there are no labels.
    """

    def __init__(self, data: DataSet, scaling: str) -> None:
        """Raises SheetError for a scaling that is not known."""
        self.sha256 = data.sha256
        self.scaling = scaling
        self.example_shape: tuple[int, ...] = data.x_train.shape[1:]
        self.targets: dict[str, Targets] = {
            "train": data.y_train,
            "valid": data.y_valid,
            "test": data.y_test,
        }
        labels = [y for y in self.targets.values() if y.dtype == np.int64]
        self.num_classes = max((int(y.max()) + 1 for y in labels), default=0)
        self._examples = scaled(data, scaling)

    def examples(self, split: str, input_shape: tuple[int, ...]) -> Floats:
        """Scaled examples of the split, float32 (n, *input_shape); a view, not a copy.

        Raises SheetError where an example has more or fewer numbers than the input.
        """
        numbers = math.prod(self.example_shape)
        if math.prod(input_shape) != numbers:
            raise SheetError(
                f"The sheet's input shape {input_shape} takes {math.prod(input_shape)} numbers, "
                f"but an image of this data set has {numbers}, as {self.example_shape}. Write "
                f"input_shape = {list(self.example_shape)} or [{numbers}] in sheet.toml, or choose "
                "another data set."
            )
        return self._examples[split].reshape(-1, *input_shape)


def scaled(data: DataSet, scaling: str) -> dict[str, Floats]:
    """The examples of all three splits, float32, by split name.

    Standardized they are `(x - mean) / (std + 0.0001)` with mean and standard deviation of the
    training examples: for each of their numbers ("standardize-per-pixel"), or for each channel,
    the last axis ("standardize-per-channel"). Raises SheetError for a scaling that is not known.
    """
    splits = {"train": data.x_train, "valid": data.x_valid, "test": data.x_test}
    axes: dict[str, int | tuple[int, ...]] = {
        "standardize-per-pixel": 0,
        "standardize-per-channel": tuple(range(data.x_train.ndim - 1)),
    }
    if scaling == "none":
        return {name: x.astype(np.float32) for name, x in splits.items()}
    if scaling not in axes:
        known = " or ".join(f'scaling = "{name}"' for name in (*axes, "none"))
        raise SheetError(
            f'The protocol asks for the scaling "{scaling}", which is not known. Write {known} '
            "under [protocol] in sheet.toml."
        )
    axis = axes[scaling]
    mean = data.x_train.mean(axis=axis, dtype=np.float64).astype(np.float32)
    std = data.x_train.std(axis=axis, dtype=np.float64).astype(np.float32)
    return {name: (x.astype(np.float32) - mean) / (std + _EPSILON) for name, x in splits.items()}


def as_loss_takes(targets: Targets, num_classes: int, target: Target, *, sparse: bool) -> Targets:
    """Labels as they are for a `sparse` loss, else one-hot; yes and no, and numbers, as columns.

    All but the first are float32, (n, num_classes), (n, 1) or the shape that they have.
    """
    if target is not Target.CLASSES:
        columns = targets.reshape(-1, 1) if targets.ndim == 1 else targets
        return columns.astype(np.float32)
    return targets if sparse else one_hot(targets.astype(np.int64), num_classes)


def one_hot(labels: Labels, num_classes: int) -> Floats:
    """Float32 (n, num_classes): 1 at the label, else 0."""
    return np.eye(num_classes, dtype=np.float32)[labels]
