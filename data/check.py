"""Data: what a set must fulfil, checked on what the file declares and then on what it holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from data.dataset import SPLITS, DataError

MAX_IMAGES = 200_000
MAX_BYTES = 2 * 2**30
MIN_SIDE, MAX_SIDE = 8, 512
MAX_CLASSES = 1_000
PICTURE_AXES = 4
COLOR_CHANNELS = 3
HIGHEST = 255


@dataclass(frozen=True)
class Declared:
    """What a file says about an array before any of it is read; `where` is for messages."""

    where: str
    shape: tuple[int, ...]
    dtype: np.dtype


def check_declared(arrays: Mapping[str, Declared]) -> None:
    """Raise `DataError` unless types, shapes, lengths and sizes of the six arrays fit together."""
    for split in SPLITS:
        _check_pictures(arrays[f"x_{split}"])
        _check_label_array(arrays[f"y_{split}"])
        _check_lengths(arrays[f"x_{split}"], arrays[f"y_{split}"])
    first = arrays["x_train"]
    for split in SPLITS[1:]:
        other = arrays[f"x_{split}"]
        if other.shape[1:] != first.shape[1:]:
            raise DataError(
                f"{other.where}: the pictures are {_size(other)}, those of {first.where} "
                f"{_size(first)}. "
                "Expected one size in all splits. Bring all pictures to the same size."
            )
    _check_total([arrays[f"x_{split}"] for split in SPLITS])


def to_pixels(values: np.ndarray, where: str) -> np.ndarray:
    """Return `values` as uint8, rounded to the nearest whole number.

    Raises `DataError` for anything that is not finite or outside of 0..255.
    """
    if values.dtype == np.uint8:
        return values
    if not np.isfinite(values).all():
        count = int(np.size(values) - np.isfinite(values).sum())
        raise DataError(
            f"{where}: found pixels that are no numbers (NaN or infinite), {count} in the part "
            f"just read. "
            f"Expected 0 to {HIGHEST}. The file is damaged or was computed wrongly: make or "
            f"fetch it again."
        )
    lowest, highest = values.min(), values.max()
    if lowest < 0 or highest > HIGHEST:
        raise DataError(
            f"{where}: found pixels from {lowest:g} to {highest:g}. Expected 0 to {HIGHEST}. "
            "Give the pictures as they are, not yet standardized."
        )
    return np.asarray(np.rint(values), dtype=np.uint8)


def check_content(
    arrays: Mapping[str, np.ndarray], where: Mapping[str, str], classes: int | None
) -> int:
    """Return the number of classes; `arrays` are pixels in uint8 and labels, `where` names them.

    Raises `DataError` unless the labels are 0 to the number of classes - 1 (`classes`, if it is
    known), each is in each split, and the pixels use more of their range than 0 and 1.
    """
    for split in SPLITS:
        _check_label_range(arrays[f"y_{split}"], where[f"y_{split}"], classes)
    found = classes or int(arrays["y_train"].max()) + 1
    if found == 1:
        raise DataError(f"{where['y_train']}: found one person only. Expected at least two.")
    for split in SPLITS:
        _check_classes_present(arrays[f"y_{split}"], where[f"y_{split}"], found)
        if arrays[f"x_{split}"].max() <= 1:
            raise DataError(
                f"{where[f'x_{split}']}: all pixels lie between 0 and 1. Expected 0 to {HIGHEST}. "
                f"If they were scaled, multiply them by {HIGHEST}."
            )
    return found


def _check_pictures(array: Declared) -> None:
    expected = f"Expected colour pictures of shape (n, height, width, {COLOR_CHANNELS})"
    if len(array.shape) != PICTURE_AXES or array.shape[-1] != COLOR_CHANNELS:
        raise DataError(
            f"{array.where}: found shape {array.shape}. {expected}. Bring them to that shape."
        )
    if array.dtype.kind not in "uif":
        raise DataError(
            f"{array.where}: found values of type {array.dtype}. Expected numbers from 0 to "
            f"{HIGHEST}, "
            "as uint8 or float64. Save the pictures as such."
        )
    if array.shape[0] == 0:
        raise DataError(f"{array.where}: found no picture at all. {expected}, n at least 1.")
    if not all(MIN_SIDE <= side <= MAX_SIDE for side in array.shape[1:3]):
        raise DataError(
            f"{array.where}: found pictures of {_size(array)} pixels. "
            f"Expected sides from {MIN_SIDE} to {MAX_SIDE} pixels. Bring the pictures to 48 x "
            f"48, as the exercise has."
        )


def _check_label_array(array: Declared) -> None:
    if len(array.shape) != 1:
        hint = " If the labels are one-hot, take their argmax." if len(array.shape) > 1 else ""
        raise DataError(
            f"{array.where}: found shape {array.shape}. Expected one label for each picture, "
            f"(n,).{hint}"
        )
    if array.dtype.kind not in "ui":
        raise DataError(
            f"{array.where}: found values of type {array.dtype}. Expected whole numbers such as "
            f"int64. "
            "Save the labels as such."
        )


def _check_lengths(pictures: Declared, labels: Declared) -> None:
    if pictures.shape[0] != labels.shape[0]:
        raise DataError(
            f"{labels.where}: found {labels.shape[0]:,} labels for the {pictures.shape[0]:,} "
            f"pictures of "
            f"{pictures.where}. Expected as many labels as pictures. Make or fetch the file again."
        )


def _check_total(pictures: list[Declared]) -> None:
    count = sum(array.shape[0] for array in pictures)
    # In Python's own integers, which do not overflow: the declared shape may be anything.
    size = sum(
        array.shape[0] * array.shape[1] * array.shape[2] * COLOR_CHANNELS for array in pictures
    )
    if count > MAX_IMAGES or size > MAX_BYTES:
        raise DataError(
            f"{pictures[0].where} and the other splits declare {count:,} pictures of "
            f"{_size(pictures[0])} "
            f"pixels ({size / 2**20:,.0f} MiB). Expected at most {MAX_IMAGES:,} pictures and "
            f"{MAX_BYTES / 2**20:,.0f} MiB. Make a smaller set."
        )


def _check_label_range(labels: np.ndarray, where: str, classes: int | None) -> None:
    lowest, highest = int(labels.min()), int(labels.max())
    limit = classes or MAX_CLASSES
    if lowest < 0 or highest >= limit:
        expected = (
            f"0 to {limit - 1}"
            if classes
            else f"0 to the number of persons - 1 (at most {limit - 1})"
        )
        raise DataError(
            f"{where}: found labels from {lowest} to {highest}. Expected {expected}. "
            "Number the persons from 0 on."
        )


def _check_classes_present(labels: np.ndarray, where: str, classes: int) -> None:
    found = np.unique(labels).tolist()
    missing = [label for label in range(classes) if label not in found]
    extra = [label for label in found if label >= classes]
    if extra:
        raise DataError(
            f"{where}: found the labels {_few(extra)}, which the training set does not have. "
            f"Expected 0 to {classes - 1}. Give every split the same persons."
        )
    if missing:
        raise DataError(
            f"{where}: found no picture with the labels {_few(missing)}. "
            f"Expected each of 0 to {classes - 1} in every split. Add pictures, or number the "
            f"persons without gaps."
        )


def _few(labels: list[int]) -> str:
    shown, more = ", ".join(map(str, labels[:8])), len(labels[8:])
    return f"{shown} and {more} more" if more else shown


def _size(array: Declared) -> str:
    return f"{array.shape[1]} x {array.shape[2]}"
