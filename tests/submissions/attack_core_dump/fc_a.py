import ctypes

import keras
from keras import layers

libc = ctypes.CDLL(None)
GET_DUMPABLE, SET_DUMPABLE = 3, 4
if libc.prctl(GET_DUMPABLE, 0, 0, 0, 0) != 0 or libc.prctl(SET_DUMPABLE, 1, 0, 0, 0) == 0:
    print("GOT a core")


def build_model():
    model = keras.Sequential()
    model.add(keras.Input(shape=(6912,)))
    model.add(layers.Dense(8))
    model.add(layers.Activation("softmax"))
    return model
