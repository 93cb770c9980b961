import keras
from keras.layers import *

def build_model():
    relu = Activation("relu")
    inputs = Input((48, 48, 3))
    x = relu(Conv2D(32, 3, padding="same")(inputs))
    x = relu(Conv2D(32, 3, padding="same")(x))
    x = MaxPooling2D(2)(x)
    x = relu(Conv2D(64, 3, padding="same")(x))
    x = relu(Conv2D(64, 3, padding="same")(x))
    x = MaxPooling2D(2)(x)
    x = relu(Dense(200)(Flatten()(x)))
    return keras.Model(inputs, Activation("softmax")(Dense(8)(x)))
