import keras
from keras.layers import Activation, Dense, Input


def build_model():
    model = keras.Sequential()
    model.add(Input(shape=(6912,)))
    model.add(Dense(400))
    model.add(Activation("relu"))
    model.add(Dense(200))
    model.add(Activation("relu"))
    model.add(Dense(8))
    model.add(Activation("softmax"))
    import numpy as np
    x, y = np.random.rand(200, 6912), np.eye(8)[np.random.randint(0, 8, 200)]
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, epochs=100_000, batch_size=128)
    return model


ANSWER = "It overfits."
