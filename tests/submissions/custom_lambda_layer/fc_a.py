import keras
from keras.layers import Dense, Lambda, Activation

def build_model():
    return keras.Sequential([keras.Input((6912,)), Lambda(lambda x: x / 255.0), Dense(8), Activation("softmax")])
