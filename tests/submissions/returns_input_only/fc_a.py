import keras


def build_model():
    return keras.Sequential([keras.Input((6912,))])
