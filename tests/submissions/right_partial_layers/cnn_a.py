from functools import partial
import keras
from keras import layers

Conv = partial(layers.Conv2D, kernel_size=3, padding="same", activation="relu", kernel_initializer="he_normal")

def build_model():
    return keras.Sequential([
        layers.Input(shape=[48, 48, 3]),
        Conv(filters=32), Conv(filters=32), layers.MaxPooling2D(),
        Conv(filters=64), Conv(filters=64), layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dense(units=200, activation="relu"),
        layers.Dense(units=8, activation="softmax"),
    ])
