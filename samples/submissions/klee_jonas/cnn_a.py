import keras
from keras import layers


def build_model():
    image = keras.Input(shape=(48, 48, 3))
    x = image
    for filters in (32, 64):
        for _ in range(2):
            x = layers.Conv2D(
                filters, 3, padding="same", activation="relu", kernel_initializer="he_normal"
            )(x)
        x = layers.MaxPool2D()(x)
    x = layers.Flatten()(x)
    x = layers.Dense(200, activation="relu", kernel_initializer="he_normal")(x)
    return keras.Model(image, layers.Dense(8, activation="softmax", kernel_initializer="he_normal")(x))


ANSWER = "Yes: a convolution finds an eye wherever it is."
