"""The tables of names and defaults: they are those of the installed Keras."""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping
from types import ModuleType
from typing import Any

import keras
import pytest

from grader.architecture import functions
from grader.architecture.layers import LAYERS
from grader.architecture.objects import CONSTRAINTS, INITIALIZERS, REGULARIZERS
from grader.architecture.optimizers import LOSSES, OPTIMIZERS, SCHEDULES
from grader.architecture.values import Settings
from grader.records import CompileConfig, Json, Protocol
from grader.sandbox.settings import object_of, plain
from grader.training.compile import optimizer_and_loss
from grader.training.task import Kernels

PROTOCOL = Protocol(30, 128, "adam", "categorical_crossentropy", "none", 1)
# Keras' arguments that no get_config() shows and no reply can hold.
HIDDEN = {
    *("name", "dtype", "seed", "input_axes", "output_axes", "lora_rank", "lora_alpha"),
    *("use_cudnn", "flash_attention", "weights"),
}
TABLES: list[tuple[ModuleType, Mapping[str, Settings]]] = [
    (keras.initializers, INITIALIZERS),
    (keras.regularizers, REGULARIZERS),
    (keras.constraints, CONSTRAINTS),
    (keras.optimizers, OPTIMIZERS),
    (keras.optimizers.schedules, SCHEDULES),
    (keras.losses, LOSSES),
    (keras.layers, {name: kind.settings for name, kind in LAYERS.items()}),
    (keras.layers, {name: spelling.settings for name, spelling in functions.LAYERS.items()}),
    (keras.activations, functions.ACTIVATIONS),
]


def rows() -> list[Any]:
    """Every class and function of the tables, with its settings there."""
    return [
        pytest.param(getattr(module, name), settings, id=f"{module.__name__}.{name}")
        for module, table in TABLES
        for name, settings in table.items()
    ]


@pytest.mark.parametrize(("thing", "settings"), rows())
def test_defaults_are_those_of_keras(thing: Any, settings: Settings) -> None:  # noqa: ANN401 - Keras ships no types
    """A setting that is not given stands for what Keras takes."""
    parameters = inspect.signature(thing).parameters

    for key, setting in settings.items():
        if setting.kept and not setting.required and key in parameters:
            assert _given(setting.check(setting.default)) == _keras(
                key, parameters[key].default, setting
            ), key


@pytest.mark.parametrize(("thing", "settings"), rows())
def test_arguments_are_those_of_keras(thing: Any, settings: Settings) -> None:  # noqa: ANN401 - Keras ships no types
    """The table holds every argument that Keras takes, and each one it keeps is one."""
    parameters = {
        name
        for name, parameter in inspect.signature(thing).parameters.items()
        if parameter.kind is not parameter.VAR_KEYWORD
    }
    own = {"x", "activity_regularizer", *({"activation"} - settings.keys())}

    assert parameters - HIDDEN - own <= settings.keys()
    # keras 3.15 takes rms_scaling of LayerNormalization among the rest, for old files.
    assert {key for key, s in settings.items() if s.kept} <= parameters | {"rms_scaling"}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimizers_are_made_as_described(name: str) -> None:
    """An optimizer of the table, made from its canonical settings, describes itself by them."""
    settings: dict[str, Json] = {
        key: s.check(s.default) for key, s in OPTIMIZERS[name].items() if s.kept
    }
    loss: dict[str, Json] = {
        "reduction": "sum",
        "from_logits": True,
        "axis": -1,
        "label_smoothing": 0.1,
    }

    optimizer, made, sparse = optimizer_and_loss(
        CompileConfig(name, settings, "CategoricalCrossentropy", loss), PROTOCOL, Kernels.KERAS
    )

    config = object_of(optimizer)["config"]
    assert isinstance(config, dict)
    assert json.loads(json.dumps({**config, "learning_rate": 0})) == {
        **settings,
        "name": optimizer.name,
        "learning_rate": 0,
    }
    assert {**loss, "name": made.name} == plain(made.get_config())
    assert sparse is False


@pytest.mark.parametrize("name", LOSSES)
def test_losses_are_made_as_described(name: str) -> None:
    """A loss is made from its canonical settings; two of them take integers for labels."""
    loss: dict[str, Json] = {key: s.check(s.default) for key, s in LOSSES[name].items() if s.kept}

    _, made, sparse = optimizer_and_loss(
        CompileConfig("SGD", {"learning_rate": 0.1}, name, loss), PROTOCOL, Kernels.FAST
    )

    assert type(made).__name__ == name
    takes_integers = {"SparseCategoricalCrossentropy", "CategoricalGeneralizedCrossEntropy"}
    assert (name in takes_integers) is sparse


def test_schedules_are_made() -> None:
    """A learning rate schedule in canonical form becomes Keras'."""
    schedule: dict[str, Json] = {
        "class": "PiecewiseConstantDecay",
        "config": {"boundaries": [10.0, 20.0], "values": [0.1, 0.01, 0.001]},
    }
    config = CompileConfig("SGD", {"learning_rate": schedule}, "MeanSquaredError", {})

    optimizer, _, _ = optimizer_and_loss(config, PROTOCOL, Kernels.FAST)

    assert float(optimizer.learning_rate) == pytest.approx(0.1)


def _given(value: Json) -> Json:
    if isinstance(value, dict):
        return value["class"]
    return value


def _keras(key: str, default: object, setting: Any) -> object:  # noqa: ANN401 - a Setting
    if key == "data_format":
        return keras.config.image_data_format()
    if key.endswith("_initializer"):
        return type(keras.initializers.get(default)).__name__
    return setting.check(plain(default))
