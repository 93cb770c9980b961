import keras
from keras import layers

RATE = 0.3


def block(x, filters):
    for _ in range(2):
        x = layers.Conv2D(
            filters, 3, padding="same", activation="relu", kernel_initializer="he_normal"
        )(x)
    return layers.Dropout(RATE)(layers.MaxPooling2D()(x))


def build_model():
    image = keras.Input(shape=(48, 48, 3))
    x = layers.Flatten()(block(block(image, 32), 64))
    x = layers.Dense(200, activation="relu", kernel_initializer="he_normal")(x)
    x = layers.Dropout(RATE)(x)
    return keras.Model(image, layers.Dense(8, activation="softmax", kernel_initializer="he_normal")(x))


ANSWER = "The gap between training and test became smaller."
