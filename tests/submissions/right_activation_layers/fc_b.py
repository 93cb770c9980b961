import keras
from keras import layers

def build_model():
    return keras.Sequential([
        keras.Input((6912,)),
        layers.Dense(400),
        layers.LeakyReLU(),
        layers.Dense(200),
        layers.ELU(),
        layers.Dense(8),
        layers.Softmax(),
    ])
