"""Describe, inside: the settings of layers, optimizers and losses as plain JSON."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from keras.layers import Lambda, Layer
from keras.losses import Loss
from keras.losses import get as loss_named

from grader.records.networks import Json
from grader.records.outcomes import Rule
from grader.sandbox.faults import RefusedError, clip

_STRING_BYTES = 2048
# Beyond what any JSON reader takes for an integer.
_HUGE = 2**63
# Names under which TensorFlow keeps a function that Keras knows by another.
_TENSORFLOW_NAMES = {"softmax_v2": "softmax", "log_softmax_v2": "log_softmax", "swish": "silu"}
_FUNCTIONS = {"function", "__lambda__"}


def origin(kind: type[Any] | str) -> str:
    """Whether a class (or module name) is "keras" (Keras' or TensorFlow's) or "own"."""
    module = kind if isinstance(kind, str) else str(getattr(kind, "__module__", ""))
    return "keras" if module.partition(".")[0] in {"keras", "tensorflow"} else "own"


def refuse_own_layer(layer: Any) -> None:  # noqa: ANN401 - Keras ships no types
    """Raises RefusedError (custom-layer) for a Lambda and for a class of the student's own."""
    if isinstance(layer, Lambda) or origin(type(layer)) == "own":
        details = {"class": type(layer).__name__, "layer": str(layer.name)}
        raise RefusedError(Rule.CUSTOM_LAYER, details=details)


def layer_config(layer: Any) -> dict[str, Json]:  # noqa: ANN401 - Keras ships no types
    """The settings of a layer of Keras' own. Raises RefusedError where it wraps an own one."""
    config = layer.get_config()
    return {str(key): _setting(layer, str(key), value) for key, value in config.items()}


def object_of(thing: Any) -> dict[str, Json]:  # noqa: ANN401 - Keras ships no types
    """An optimizer, loss, initializer, ... as class, origin and settings."""
    kind = type(thing)
    config = plain(thing.get_config()) if origin(kind) == "keras" else {}
    return {"class": kind.__name__, "origin": origin(kind), "config": config}


def compile_of(model: Any) -> dict[str, Json] | None:  # noqa: ANN401 - Keras ships no types
    """The optimizer and the loss that the model was compiled with; None if it was not compiled."""
    if not model.compiled:
        return None
    optimizer = object_of(model.optimizer)
    config = optimizer["config"]
    if isinstance(config, dict) and isinstance(rate := config.get("learning_rate"), float):
        # Read back from a float32 variable: 0.001 would be 0.0010000000474974513.
        config["learning_rate"] = float(str(np.float32(rate)))
    return {"optimizer": optimizer, "loss": _loss(model.loss)}


def function_of(function: Callable[..., object]) -> Json:
    """Keras' name of a function of Keras' or TensorFlow's; an OBJECT for one of the student's."""
    name = str(getattr(function, "__name__", type(function).__name__))
    if origin(str(getattr(function, "__module__", ""))) == "keras":
        return _TENSORFLOW_NAMES.get(name, name)
    return own_function(name)


def own_function(name: str) -> dict[str, Json]:
    """The OBJECT that stands for a function of the student's."""
    return {"class": "function", "origin": "own", "config": {"name": plain(name)}}


def plain(value: object) -> Json:
    """The value as JSON: tuples become lists, numbers that are not finite text, objects OBJECTs."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, Mapping):
        return _mapping(value)
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if value is None or isinstance(value, bool | int | float | str):
        return _scalar(value)
    if callable(value) and hasattr(value, "__name__"):
        return function_of(value)
    return {"class": type(value).__name__, "origin": origin(type(value)), "config": {}}


def _scalar(value: bool | float | str | None) -> Json:  # noqa: FBT001 - a value, no flag
    if isinstance(value, str):
        return clip(value, _STRING_BYTES)[0]
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else str(float(value))
    if isinstance(value, int) and abs(value) >= _HUGE:
        return "huge"
    return value


def _loss(loss: Any) -> Json:  # noqa: ANN401 - Keras ships no types
    if loss is None:
        return None
    if isinstance(loss, Mapping) and len(loss) == 1:
        loss = list(loss.values())
    if isinstance(loss, list | tuple) and len(loss) == 1:
        loss = loss[0]
    if isinstance(loss, str):
        try:
            loss = loss_named(loss)
        except ValueError:
            return own_function(loss)
    if isinstance(loss, Loss):
        return object_of(loss)
    name = function_of(loss) if callable(loss) else None
    if isinstance(name, str):
        return {"class": "function", "origin": "keras", "config": {"name": name}}
    return name or {"class": type(loss).__name__, "origin": "own", "config": {}}


def _setting(layer: Any, key: str, value: object) -> Json:  # noqa: ANN401 - Keras ships no types
    # The living value tells a student's own `relu` from Keras'; the configuration holds only its
    # name.
    living = getattr(layer, key, None)
    if isinstance(living, Layer):
        refuse_own_layer(living)
        return {
            "class": type(living).__name__,
            "origin": "keras",
            "config": layer_config(living),
        }
    if callable(living) and hasattr(living, "__name__") and not isinstance(living, type):
        return function_of(living)
    return plain(value)


def _mapping(value: Mapping[Any, Any]) -> Json:
    """A dictionary; one made of an object (keras 3.15 serialization_lib) becomes an OBJECT."""
    if "class_name" not in value or "config" not in value:
        return {str(key): plain(item) for key, item in value.items()}
    own = value.get("registered_name") not in (None, value["class_name"])
    where = "own" if own else origin(str(value.get("module")))
    if value["class_name"] in _FUNCTIONS:
        name = value["config"] if isinstance(value["config"], str) else "<lambda>"
        return own_function(name)
    config = plain(value["config"]) if where == "keras" else {}
    return {"class": str(value["class_name"]), "origin": where, "config": config}
