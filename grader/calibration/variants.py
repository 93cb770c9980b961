"""Calibrate, step 1: changed networks, for what a table leaves free and for typical slips; pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeAlias

from grader.architecture.canonical import digest
from grader.architecture.functions import from_name
from grader.architecture.layers import LAYERS, WRAPPED, layer_type
from grader.records import Architecture, Json, Layer

_Config: TypeAlias = Mapping[str, Json]


def with_default_initializers(architecture: Architecture) -> Architecture:
    """The network with Keras' default for every initializer."""

    def defaults(_index: int, layer: Layer) -> _Config:
        keys = [key for key in layer.config if key.endswith("_initializer")]
        kind = layer_type(layer.class_name, layer.config.get(WRAPPED))
        settings = kind.settings if kind else {}
        changed = {key: settings[key].check(settings[key].default) for key in keys}
        return {**layer.config, **changed}

    return _changed(architecture, defaults)


def with_dropout(architecture: Architecture, rate: float) -> Architecture:
    """The network with this rate in every layer that drops; the same where there is none."""

    def dropped(_index: int, layer: Layer) -> _Config:
        drops = layer.class_name in LAYERS and "rate" in LAYERS[layer.class_name].settings
        return {**layer.config, "rate": rate} if drops else layer.config

    return _changed(architecture, dropped)


def with_hidden_activation(
    architecture: Architecture, function: str, *, instead_of: str | None = None
) -> Architecture:
    """The network with this function in its hidden activations, or in those of one function."""

    def activated(index: int, layer: Layer) -> _Config:
        is_hidden = layer.class_name == "Activation" and index not in architecture.outputs
        if not is_hidden or instead_of not in {None, layer.config["activation"]}:
            return layer.config
        # The old function's own settings go with it.
        kept = {"activity_regularizer": layer.config["activity_regularizer"]}
        return {**from_name(function), **kept}

    return _changed(architecture, activated)


def _changed(
    architecture: Architecture, config_of: Callable[[int, Layer], _Config]
) -> Architecture:
    layers = tuple(
        replace(layer, config=config_of(index, layer))
        for index, layer in enumerate(architecture.layers)
    )
    return replace(architecture, layers=layers, digest=digest(layers, architecture.outputs))
