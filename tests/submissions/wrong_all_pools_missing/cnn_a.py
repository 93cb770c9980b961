import keras
from keras import layers


def build_model():
    return keras.Sequential(
        [
            keras.Input(shape=(48, 48, 3)),
            layers.Conv2D(32, 3, padding="same"),
            layers.Activation("relu"),
            layers.Conv2D(32, 3, padding="same"),
            layers.Activation("relu"),
            layers.Conv2D(64, 3, padding="same"),
            layers.Activation("relu"),
            layers.Conv2D(64, 3, padding="same"),
            layers.Activation("relu"),
            layers.Flatten(),
            layers.Dense(250),
            layers.Activation("relu"),
            layers.Dense(8),
            layers.Activation("softmax"),
        ]
    )


