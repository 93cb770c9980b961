"""Rebuild, first half: Keras layers out of canonical settings.

Only names and values that the project's own table has let pass arrive here; nothing is
deserialized.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import keras

from grader.architecture.layers import LAYERS
from grader.errors import GraderError
from grader.records import Json, Layer
from grader.training.batch_normalization import FusedBatchNormalization
from grader.training.task import BatchNormalizationKernel

_MODULES = {
    "initializer": keras.initializers,
    "regularizer": keras.regularizers,
    "constraint": keras.constraints,
}


def keras_layer(layer: Layer, position: int, seed: int, kernel: BatchNormalizationKernel) -> Any:  # noqa: ANN401 - Keras ships no types
    """The Keras layer of a canonical one; a random one gets `seed + position`.

    `kernel` is that of batch normalization.
    """
    arguments = {key: argument(key, value) for key, value in layer.config.items()}
    regularizer = arguments.pop("activity_regularizer", None)
    name = f"layer_{position}"
    if layer.class_name == "Activation":
        function = _activation(arguments)
        return keras.layers.Activation(function, activity_regularizer=regularizer, name=name)
    if layer.class_name not in LAYERS:
        raise GraderError(f"A {layer.class_name} layer is outside the table and cannot be built.")
    if LAYERS[layer.class_name].random:
        arguments["seed"] = seed + position
    fused = layer.class_name == "BatchNormalization" and kernel is BatchNormalizationKernel.FUSED
    kind = FusedBatchNormalization if fused else getattr(keras.layers, layer.class_name)
    built = kind(**arguments, name=name)
    # Not every class takes it as an argument (SpatialDropout in keras 3.15 does not).
    if regularizer is not None:
        built.activity_regularizer = regularizer
    built.trainable = layer.trainable
    return built


def takes_list(layer: Layer) -> bool:
    """Whether the layer is called on a list of inputs."""
    return layer.class_name in LAYERS and LAYERS[layer.class_name].merges


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
