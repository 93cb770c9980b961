"""My network for this part."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Return the network of fc_a: flat vector of 6912 in, 8 probabilities out."""
    return keras.Sequential(
        [
            keras.Input(shape=(6912,)),
            layers.Dense(8, kernel_initializer="he_normal"),
            layers.Activation("softmax"),
        ]
    )


ANSWER = ""
