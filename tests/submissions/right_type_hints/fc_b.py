"""Part fc_b, tidy."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Final, NamedTuple

import keras

PIXELS: Final[int] = 48 * 48 * 3


class Act(str, Enum):
    HIDDEN = "relu"
    LAST = "softmax"


class Layer(NamedTuple):
    units: int
    activation: Act


@dataclass(frozen=True, slots=True)
class Config:
    layers: list[Layer] = field(default_factory=lambda: [Layer(400, Act.HIDDEN), Layer(200, Act.HIDDEN), Layer(8, Act.LAST)])
    seed: int | None = None


def build_model(config: Config | None = None) -> keras.Model:
    config = config or Config()
    model: keras.Sequential = keras.Sequential([keras.Input(shape=(PIXELS,))])
    for layer in config.layers:
        model.add(keras.layers.Dense(layer.units))
        model.add(keras.layers.Activation(layer.activation.value))
    return model


ANSWER: str = "More units, more overfitting."
