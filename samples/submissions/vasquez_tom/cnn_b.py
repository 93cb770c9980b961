import keras
from keras import layers


def build_model():
    model = keras.Sequential([keras.Input(shape=(48, 48, 3))])
    filters = 32
    while filters <= 64:
        model.add(layers.Conv2D(filters, 3, padding="same"))
        model.add(layers.Activation("relu"))
    return model


ANSWER = "It does not come back, and I do not know why."
