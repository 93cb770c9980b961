import keras
from keras import layers

def build_model():
    a, b = keras.Input((6912,)), keras.Input((6912,))
    return keras.Model([a, b], layers.Dense(8, activation="softmax")(layers.Add()([a, b])))
