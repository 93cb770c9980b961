"""Choices: the settings of a layer that are not what Keras takes when nothing is said."""

from __future__ import annotations

from grader.architecture.functions import ACTIVATIONS
from grader.architecture.layers import WRAPPED, layer_type
from grader.architecture.values import Config
from grader.records import Layer


def chosen_settings(layer: Layer) -> Config:
    """The canonical settings that differ from Keras' defaults, or have none.

    An Activation has its function among them; a class outside the table has no settings.
    """
    config = dict(layer.config)
    if layer.class_name == "Activation":
        settings = ACTIVATIONS[str(config["activation"])]
    else:
        kind = layer_type(layer.class_name, layer.config.get(WRAPPED))
        settings = kind.settings if kind and layer.known else {}
    usual: Config = {"activity_regularizer": None}
    for key, setting in settings.items():
        if not setting.required:
            usual[key] = setting.check(setting.default)
    return {key: value for key, value in config.items() if key not in usual or value != usual[key]}
