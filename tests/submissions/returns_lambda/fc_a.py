import keras


def build_model():
    return lambda: keras.Sequential([keras.layers.Dense(8)])
