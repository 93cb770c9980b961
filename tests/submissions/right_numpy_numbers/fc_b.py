import numpy as np
import keras
from keras import layers

sizes = np.array([400, 200])

def build_model():
    model = keras.Sequential()
    model.add(keras.Input(shape=(np.int64(6912),)))
    for size in sizes:
        model.add(layers.Dense(int(size)))
        model.add(layers.Activation("relu"))
    model.add(layers.Dense(8))
    model.add(layers.Activation("softmax"))
    return model
