import keras
from keras.layers import Activation, Dense

def build_model():
    return keras.Sequential([
        keras.Input((6912,)),
        Dense(400, activation="linear"), Activation("relu"),
        Dense(200, activation=None), Activation("relu"),
        Dense(8, activation=keras.activations.linear), Activation("softmax"),
    ])
