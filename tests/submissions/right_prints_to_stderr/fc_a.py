import keras
from keras import layers


def build_model():
    model = keras.Sequential()
    model.add(keras.Input(shape=(6912,)))
    model.add(layers.Dense(8))
    model.add(layers.Activation("softmax"))
    return model


ANSWER = "Better than guessing (12.5 %)."

import os, sys
print("warning", file=sys.stderr)
os.write(1, b"\xff\xfe raw \x00\n")
os.write(2, b"{\"rule\": 1}\n")
