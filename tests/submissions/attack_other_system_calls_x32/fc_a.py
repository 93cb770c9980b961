import ctypes
import platform

import keras
from keras import layers


def call():
    if platform.machine() == "x86_64" and ctypes.CDLL(None).syscall(0x40000000 + 57) >= 0:
        print("GOT a fork")


call()


def build_model():
    model = keras.Sequential()
    model.add(keras.Input(shape=(6912,)))
    model.add(layers.Dense(8))
    model.add(layers.Activation("softmax"))
    return model
