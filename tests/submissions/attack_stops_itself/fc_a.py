import os
import signal

import keras
from keras import layers


os.kill(os.getpid(), signal.SIGSTOP)


def build_model():
    model = keras.Sequential()
    model.add(keras.Input(shape=(6912,)))
    model.add(layers.Dense(8))
    model.add(layers.Activation("softmax"))
    return model
