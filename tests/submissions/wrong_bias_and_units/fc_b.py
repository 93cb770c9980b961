import keras
from keras.layers import Activation, Dense, Input


def build_model():
    model = keras.Sequential()
    model.add(Input(shape=(6912,)))
    model.add(Dense(400, use_bias=False))
    model.add(Activation("relu"))
    model.add(Dense(200))
    model.add(Activation("relu"))
    model.add(Dense(9))
    model.add(Activation("softmax"))
    return model


ANSWER = "It overfits."
