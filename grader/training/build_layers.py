"""Rebuild, first half: Keras layers out of canonical settings.

Only names and values that the project's own table has let pass arrive here; nothing is
deserialized.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import keras

from grader.architecture.layers import LAYERS, WRAPPED, WRAPPERS, layer_type
from grader.errors import GraderError
from grader.records import Json, Layer
from grader.training.batch_normalization import FusedBatchNormalization
from grader.training.task import Kernels

_MODULES = {
    "initializer": keras.initializers,
    "regularizer": keras.regularizers,
    "constraint": keras.constraints,
}


def keras_layer(layer: Layer, position: int, seed: int, kernels: Kernels) -> Any:  # noqa: ANN401 - Keras ships no types
    """The Keras layer of a canonical one; a random one gets `seed + position`.

    With the fast `kernels` images are normalized in one operation.
    """
    arguments = {key: argument(key, value) for key, value in layer.config.items()}
    regularizer = arguments.pop("activity_regularizer", None)
    name = f"layer_{position}"
    if layer.class_name == "Activation":
        function = _activation(arguments)
        return keras.layers.Activation(function, activity_regularizer=regularizer, name=name)
    inner = arguments.pop(WRAPPED, None)
    kind = layer_type(layer.class_name, inner)
    if kind is None:
        raise GraderError(f"A {layer.class_name} layer is outside the table and cannot be built.")
    if kind.random:
        arguments["seed"] = seed + position
    if layer.class_name in WRAPPERS:
        built = _wrapped(layer.class_name, inner, arguments, name)
    else:
        is_batch = layer.class_name == "BatchNormalization"
        fused = is_batch and kernels is Kernels.FAST
        made = FusedBatchNormalization if fused else getattr(keras.layers, layer.class_name)
        built = made(**arguments, name=name)
    # Not every class takes it as an argument (SpatialDropout in keras 3.15 does not).
    if regularizer is not None:
        built.activity_regularizer = regularizer
    built.trainable = layer.trainable
    return built


def called(layer: Layer, made: Any, inputs: list[Any]) -> Any:  # noqa: ANN401 - Keras ships no types
    """What the built layer gives for these inputs, in the way in which its class takes them."""
    kind = LAYERS.get(layer.class_name)
    if kind is None or not kind.merges:
        return made(inputs[0])
    if kind.arguments:
        return made(**dict(zip(kind.arguments, inputs, strict=False)))
    return made(inputs)


def _wrapped(layer_class: str, inner: str, arguments: dict[str, Any], name: str) -> Any:  # noqa: ANN401 - Keras ships no types
    """A layer around one of the class `inner`, to which all arguments go but its own."""
    own = {"merge_mode": arguments.pop("merge_mode")} if "merge_mode" in arguments else {}
    layer = getattr(keras.layers, inner)(**arguments)
    return getattr(keras.layers, layer_class)(layer, **own, name=name)


def argument(key: str, value: Json) -> Any:  # noqa: ANN401 - whatever Keras takes
    """A canonical setting as Keras takes it: lists as tuples, objects built."""
    match value:
        case {"class": str() as name, "config": dict() as config}:
            return keras_object(_MODULES[key.rpartition("_")[2]], name, config)
        case list():
            return tuple(argument(key, item) for item in value)
        case _:
            return value


def keras_object(module: Any, name: str, config: Mapping[str, Json]) -> Any:  # noqa: ANN401 - Keras ships no types
    """An initializer, regularizer, constraint or schedule: the module's class of that name."""
    return getattr(module, name)(**{key: argument(key, value) for key, value in config.items()})


def _activation(arguments: dict[str, Any]) -> Any:  # noqa: ANN401 - Keras ships no types
    settings = dict(arguments)
    function = getattr(keras.activations, settings.pop("activation"))
    return functools.partial(function, **settings) if settings else function
