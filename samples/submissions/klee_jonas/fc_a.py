from tensorflow import keras


def build_model():
    return keras.Sequential([keras.Input((6912,)), keras.layers.Dense(8, activation="softmax")])


ANSWER = "About half of the test images. One layer can only weigh pixels."
