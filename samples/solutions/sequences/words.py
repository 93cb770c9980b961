"""Solution of part words: 3 layers, 12,932 parameters."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Return the network of words; (40,) goes in."""
    return keras.Sequential(
        [
            keras.Input(shape=(40,)),
            layers.Embedding(500, 16),
            layers.GRU(32),
            layers.Dense(4, activation="softmax"),
        ]
    )


ANSWER = ""
