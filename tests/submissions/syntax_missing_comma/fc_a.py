import keras
from keras import layers

def build_model():
    return keras.Sequential([
        keras.Input((6912,)),
        layers.Dense(8)
        layers.Activation("softmax"),
    ])
