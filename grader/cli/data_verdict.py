"""Face of the program: what only the grader can say of a data set."""

from __future__ import annotations

import math

from data import DataSet
from data.fitness import Finding, Weight
from grader.records import Part
from grader.sheets import load_sheets


def fits_the_parts(dataset: DataSet) -> Finding:
    """Whether pictures and number of persons go with the networks of the sheets."""
    parts = _trained_on_images()
    shape, persons = dataset.x_train.shape[1:], len(dataset.names)
    found = f"{persons} persons, pictures of {' x '.join(map(str, shape))}"
    if not parts:
        return Finding("fit", Weight.NOTE, f"{found}. No part of the sheets is trained on images.")
    if not any(math.prod(part.input_shape) == math.prod(shape) for part in parts):
        return _fault(
            f"{found}. The networks take {' x '.join(map(str, _image_shape()))}. Import the "
            "photographs again with `grader data import`, which brings them to that size."
        )
    due = max(part.num_classes for part in parts)
    if persons > due:
        return _fault(
            f"{found}. The networks tell {due} persons apart. Import the photographs again with "
            f"--persons {due}, which takes the {due} with the most pictures, or --persons and "
            "their names."
        )
    if persons < due:
        return Finding(
            "fit",
            Weight.NOTE,
            f"{found}. The networks tell {due} persons apart: {due - persons} of their outputs "
            "stay unused, and accuracies are higher than with all.",
        )
    return Finding("fit", Weight.FINE, f"{found}, as the networks take them.")


def _image_shape() -> tuple[int, ...]:
    """The shape of an image, from the parts that take it as such."""
    return max((part.input_shape for part in _trained_on_images()), key=len)


def _trained_on_images() -> list[Part]:
    """The parts that are trained on the data set of a run, and bring none themselves."""
    parts = [part for sheet in load_sheets() for part in sheet.parts]
    return [part for part in parts if part.is_trained and part.data is None]


def _fault(text: str) -> Finding:
    return Finding("fit", Weight.FAULT, text)
