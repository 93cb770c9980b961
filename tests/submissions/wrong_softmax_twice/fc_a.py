import keras
from keras import layers


def build_model():
    model = keras.Sequential()
    model.add(keras.Input(shape=(6912,)))
    model.add(layers.Dense(8, activation="softmax"))
    model.add(layers.Activation("softmax"))
    return model


ANSWER = "Better than guessing (12.5 %)."
