import keras
from keras.layers import Activation, Dense, Input


def build_model():
    model = keras.Sequential()
    model.add(Input(shape=(6912,)))
    model.add(Dense(300))
    model.add(Activation("relu"))
    model.add(Dense(200))
    model.add(Activation("relu"))
    model.add(Dense(8))
    return model


ANSWER = "It overfits."
