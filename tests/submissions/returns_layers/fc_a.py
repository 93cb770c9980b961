import keras


def build_model():
    return [keras.Input((6912,)), keras.layers.Dense(8), keras.layers.Activation("softmax")]
