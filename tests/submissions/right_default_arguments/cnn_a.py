import keras
from keras import layers

def build_model(input_shape=(48, 48, 3), *, filters=(32, 64), classes=8, activation="relu", **unused):
    x = inputs = keras.Input(input_shape)
    for f in filters:
        x = layers.Conv2D(f, 3, padding="same", activation=activation)(x)
        x = layers.Conv2D(f, 3, padding="same", activation=activation)(x)
        x = layers.MaxPool2D()(x)
    x = layers.Flatten()(x)
    x = layers.Dense(200, activation=activation)(x)
    x = layers.Dense(classes, activation="softmax")(x)
    return keras.Model(inputs, x)
