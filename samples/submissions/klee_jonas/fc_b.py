from tensorflow import keras
from tensorflow.keras.layers import Dense


def build_model():
    model = keras.Sequential()
    model.add(keras.Input(shape=(6912,)))
    model.add(Dense(400, activation="relu", kernel_initializer="he_normal"))
    model.add(Dense(200, activation="relu", kernel_initializer="he_normal"))
    model.add(Dense(8, activation="softmax", kernel_initializer="he_normal"))
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model


ANSWER = "Better on the training images, hardly on the others."
