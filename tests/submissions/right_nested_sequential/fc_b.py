import keras
from keras import layers

def build_model():
    body = keras.Sequential([layers.Dense(400, activation="relu"), keras.Sequential([layers.Dense(200, activation="relu")])])
    inputs = keras.Input((6912,))
    return keras.Model(inputs, layers.Dense(8, activation="softmax")(body(inputs)))
