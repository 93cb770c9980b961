import keras
from keras import layers


def build_model():
    model = keras.Sequential(
        [
            keras.Input(shape=(6912,)),
            layers.Dense(200),
            layers.Activation("relu"),
            layers.Dense(400),
            layers.Activation("relu"),
            layers.Dense(8),
            layers.Activation("softmax"),
        ]
    )


ANSWER = ""
