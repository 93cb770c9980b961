"""Describe, inside: whether another input shape than the part's is why Keras refused a layer."""

from __future__ import annotations

import gc
import re
from types import TracebackType

from keras.layers import InputLayer

_ABOUT_SHAPES = re.compile(r"shape|ndim|dimension|negative|size|rank|axis|axes", re.IGNORECASE)


def other_input_shape(
    error: BaseException, sentence: str, files: frozenset[str], expected: tuple[int, ...]
) -> dict[str, str] | None:
    """The `found` and `expected` input shape, without batch axis; None where another cause fits.

    That is so where the error is not about shapes, was raised in one of the student's own `files`,
    or where the part's shape is among those in use.
    """
    if not _ABOUT_SHAPES.search(sentence) or _innermost_file(error.__traceback__) in files:
        return None
    shapes = _shapes_in_use()
    if len(shapes) != 1 or expected in shapes:
        return None
    return {"found": str(*shapes), "expected": str(expected)}


def _innermost_file(traceback: TracebackType | None) -> str:
    file = ""
    while traceback:
        file, traceback = traceback.tb_frame.f_code.co_filename, traceback.tb_next
    return file


def _shapes_in_use() -> set[tuple[int | None, ...]]:
    """Without batch axis, of the InputLayers alive: the frames of an error keep those of its model.

    However the shape was written (Input, InputLayer, input_shape=...), an InputLayer was made.
    """
    gc.collect()
    layers = [thing for thing in gc.get_objects() if type(thing) is InputLayer]
    shapes = (getattr(layer, "_batch_shape", None) for layer in layers)
    return {tuple(shape[1:]) for shape in shapes if shape}
