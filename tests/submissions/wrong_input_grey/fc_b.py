import keras
from keras.layers import Activation, Dense, Input


def build_model():
    model = keras.Sequential()
    model.add(Input(shape=(2304,)))
    model.add(Dense(400))
    model.add(Activation("relu"))
    model.add(Dense(200))
    model.add(Activation("relu"))
    model.add(Dense(8))
    model.add(Activation("softmax"))
    return model


ANSWER = "It overfits."
