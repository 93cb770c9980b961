"""Grade, before all steps: whether the data sets at hand are ones for these parts."""

from __future__ import annotations

import math
from collections.abc import Iterable

from grader.errors import UsageError
from grader.records import Part
from grader.sheets import load_own_data


def require_fitting(parts: Iterable[Part], image_shape: tuple[int, ...], num_classes: int) -> None:
    """Raises UsageError where images or persons of the data set do not go with a trained part.

    `image_shape` is of one image, without the batch axis. Data sets that parts bring themselves are
    read in their place, and raise SheetError.
    """
    for part in (one for one in parts if one.is_trained):
        if part.data:
            load_own_data(part)
            continue
        numbers, due = math.prod(image_shape), math.prod(part.input_shape)
        if numbers != due:
            raise UsageError(
                f"The data set does not go with {part.id}: an image has {numbers} numbers "
                f"{image_shape}, the network takes {due} {part.input_shape}. Choose another data "
                "set, or other parts with --part."
            )
        if num_classes > part.num_classes:
            raise UsageError(
                f"The data set does not go with {part.id}: it has {num_classes} persons, the "
                f"network tells {part.num_classes} apart. Choose another data set (`grader data "
                f"import --persons {part.num_classes}` makes one), or other parts with --part."
            )
