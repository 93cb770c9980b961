"""Training, step 3: images standardized and in the network's shape, labels as the loss needs."""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from data.dataset import DataSet
from grader.errors import SheetError

Floats: TypeAlias = NDArray[np.float32]
Labels: TypeAlias = NDArray[np.int64]

SCALING = "standardize-per-pixel"
# Keeps pixels that are the same in every training image from being divided by zero.
_EPSILON = np.float32(0.0001)


class PreparedData:
    """A data set ready for training; standardized once, however many trainings use it.

    `labels` holds the splits "train", "valid" and "test", integers (n,). `image_shape` is of one
    image of the data set.
    """

    def __init__(self, data: DataSet) -> None:
        self.sha256 = data.sha256
        self.num_classes = len(data.names)
        self.image_shape: tuple[int, ...] = data.x_train.shape[1:]
        self.labels: dict[str, Labels] = {
            "train": data.y_train,
            "valid": data.y_valid,
            "test": data.y_test,
        }
        self._images = standardize(data.x_train, data.x_valid, data.x_test)

    def images(self, split: str, input_shape: tuple[int, ...]) -> Floats:
        """Standardized images of the split, float32 (n, *input_shape); a view, not a copy.

        Raises SheetError where an image has more or fewer numbers than the input.
        """
        numbers = math.prod(self.image_shape)
        if math.prod(input_shape) != numbers:
            raise SheetError(
                f"The sheet's input shape {input_shape} takes {math.prod(input_shape)} numbers, "
                f"but an image of this data set has {numbers}, as {self.image_shape}. Write "
                f"input_shape = {list(self.image_shape)} or [{numbers}] in sheet.toml, or choose "
                "another data set."
            )
        return self._images[split].reshape(-1, *input_shape)


def standardize(
    train: NDArray[np.uint8], valid: NDArray[np.uint8], test: NDArray[np.uint8]
) -> dict[str, Floats]:
    """All three splits as `(x - mean) / (std + 0.0001)`, float32, by split name.

    Mean and standard deviation are of the training images, for each pixel and channel.
    """
    mean = train.mean(axis=0, dtype=np.float64).astype(np.float32)
    std = train.std(axis=0, dtype=np.float64).astype(np.float32)
    splits = {"train": train, "valid": valid, "test": test}
    return {name: (x.astype(np.float32) - mean) / (std + _EPSILON) for name, x in splits.items()}


def one_hot(labels: Labels, num_classes: int) -> Floats:
    """Float32 (n, num_classes): 1 at the label, else 0."""
    return np.eye(num_classes, dtype=np.float32)[labels]
