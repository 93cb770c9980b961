"""Solution of part forecast: 2 layers, 929 parameters."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Return the network of forecast; (24, 1) goes in."""
    return keras.Sequential(
        [
            keras.Input(shape=(24, 1)),
            layers.GRU(16),
            layers.Dense(1),
        ]
    )


ANSWER = ""
