import keras
from keras import layers

def build_model():
    return keras.Sequential([layers.Dense(10_000_000), layers.Activation("softmax")])
