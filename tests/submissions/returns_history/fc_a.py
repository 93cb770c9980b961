import keras


def build_model():
    import numpy as np
    model = keras.Sequential([keras.Input((6912,)), keras.layers.Dense(8)])
    model.compile("sgd", "mse")
    return model.fit(np.zeros((1, 6912)), np.zeros((1, 8)), verbose=0)
