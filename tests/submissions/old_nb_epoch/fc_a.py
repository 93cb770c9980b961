import keras
from keras import layers


def build_model():
    model = keras.Sequential()
    model.add(keras.Input(shape=(6912,)))
    model.add(layers.Dense(8))
    model.add(layers.Activation("softmax"))
    import numpy as np
    model.compile("adam", "categorical_crossentropy")
    model.fit(np.zeros((8, 6912)), np.eye(8), nb_epoch=1, batch_size=8)
    return model


ANSWER = "Better than guessing (12.5 %)."
