import keras
from keras.layers import *

relu, pool, drop = ReLU(), MaxPool2D(), Dropout(0.3)

def build_model():
    x = inputs = Input((48, 48, 3))
    for f in 32, 64:
        x = relu(Conv2D(f, 3, padding="same")(x))
        x = relu(Conv2D(f, 3, padding="same")(x))
        x = drop(pool(x))
    x = drop(relu(Dense(200)(Flatten()(x))))
    return keras.Model(inputs, Softmax()(Dense(8)(x)))
