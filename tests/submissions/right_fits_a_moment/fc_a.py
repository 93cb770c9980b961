import keras
from keras import layers


def build_model():
    model = keras.Sequential()
    model.add(keras.Input(shape=(6912,)))
    model.add(layers.Dense(8))
    model.add(layers.Activation("softmax"))
    import numpy as np
    model.compile("adam", "categorical_crossentropy")
    model.fit(np.random.rand(16, 6912), np.eye(8)[np.random.randint(0, 8, 16)], epochs=2, verbose=2)
    print(model.predict(np.random.rand(2, 6912)))
    return model


ANSWER = "Better than guessing (12.5 %)."
