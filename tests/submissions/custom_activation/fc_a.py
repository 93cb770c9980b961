import keras
from keras import ops

def my_softmax(x):
    e = ops.exp(x - ops.max(x, axis=-1, keepdims=True))
    return e / ops.sum(e, axis=-1, keepdims=True)

def build_model():
    return keras.Sequential([keras.Input((6912,)), keras.layers.Dense(8), keras.layers.Activation(my_softmax)])
