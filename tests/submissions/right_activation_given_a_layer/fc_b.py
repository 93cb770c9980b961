import keras
from keras.layers import Dense, LeakyReLU, Input

def build_model():
    return keras.Sequential([
        Input((6912,)),
        Dense(400, activation=LeakyReLU(0.2)),
        Dense(200, activation=keras.layers.ReLU()),
        Dense(8, activation=keras.layers.Softmax()),
    ])
