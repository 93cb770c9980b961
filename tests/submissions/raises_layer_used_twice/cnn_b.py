import keras
from keras.layers import Activation, Conv2D, Dense, Dropout, Flatten, Input, MaxPooling2D

def build_model():
    d = Dense(200)
    return keras.Sequential([
        Input(shape=(48, 48, 3)),
        Conv2D(32, (3, 3), padding="same"), Activation("relu"),
        Conv2D(32, (3, 3), padding="same"), Activation("relu"),
        MaxPooling2D((2, 2)), Dropout(0.3),
        Conv2D(64, (3, 3), padding="same"), Activation("relu"),
        Conv2D(64, (3, 3), padding="same"), Activation("relu"),
        MaxPooling2D((2, 2)), Dropout(0.3),
        Flatten(),
        d, Activation("relu"), Dropout(0.3),
        d, Activation("softmax"),
    ])
