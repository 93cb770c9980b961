import keras
from keras.layers import Activation, Conv2D, Dense, Dropout, Flatten, Input, MaxPooling2d

def build_model():
    return keras.Sequential([
        Input(shape=(48, 48, 3)),
        Conv2D(32, (3, 3), padding="same"), Activation("relu"),
        Conv2D(32, (3, 3), padding="same"), Activation("relu"),
        MaxPooling2d((2, 2)), Dropout(0.3),
        Conv2D(64, (3, 3), padding="same"), Activation("relu"),
        Conv2D(64, (3, 3), padding="same"), Activation("relu"),
        MaxPooling2d((2, 2)), Dropout(0.3),
        Flatten(),
        Dense(200), Activation("relu"), Dropout(0.3),
        Dense(8), Activation("softmax"),
    ])
