"""Describe, inside: large weights are drawn when someone asks for them, and not before.

A description holds no weights. Keras draws them all the same when it builds a layer, and needs
three more tensors of that size while it does; VGG16's largest layer alone would not fit in the
memory that a file may use.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import tensorflow as tf
from keras import Variable
from keras.src.backend import in_stateless_scope

# Values of one weight; that is 16 MiB. No layer of the sheets has as many.
LARGE = 2**22
_UNDRAWN = object()


class _Value:
    """The place of a variable's value (keras 3.15 `Variable._value`), which is drawn when read."""

    def __init__(self, draw: Callable[[Any, Any], None]) -> None:
        self._draw = draw

    def __get__(self, variable: Any, owner: type | None = None) -> Any:  # noqa: ANN401 - Keras ships no types
        value = vars(variable)["_value"]
        if value is not _UNDRAWN:
            return value
        # Shapes are found out without values; Keras then puts a symbol in their place.
        if in_stateless_scope():
            return None
        with tf.init_scope():
            self._draw(variable, variable._initializer)  # noqa: SLF001
        variable._initializer = None  # noqa: SLF001
        return vars(variable)["_value"]

    def __set__(self, variable: Any, value: Any) -> None:  # noqa: ANN401 - Keras ships no types
        vars(variable)["_value"] = value


def draw_late() -> None:
    """From now on every large weight of this process waits for its values until they are read."""
    draw = Variable._initialize_with_initializer  # noqa: SLF001 - Keras has no public word for it

    def wait(variable: Any, initializer: Any) -> None:  # noqa: ANN401 - Keras ships no types
        if math.prod(variable._shape) < LARGE:  # noqa: SLF001
            draw(variable, initializer)
        else:
            variable._initializer = initializer  # noqa: SLF001
            vars(variable)["_value"] = _UNDRAWN

    Variable._value = _Value(draw)  # noqa: SLF001
    Variable._initialize_with_initializer = wait  # noqa: SLF001
