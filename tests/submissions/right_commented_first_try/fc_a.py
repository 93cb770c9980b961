import keras
from keras import layers

"""
def build_model():
    return None
"""
# def build_model():
#     raise NotImplementedError

def build_model():
    # TODO: build the network and return it, in place of the line below.
    # raise NotImplementedError
    return keras.Sequential([keras.Input((6912,)), layers.Dense(8), layers.Activation("softmax")])
