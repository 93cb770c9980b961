import keras
from keras import layers

def build_model():
    inputs = keras.Input((6912,))
    x = layers.Dense(8)(inputs)
    probs = layers.Activation("softmax")(x)
    extra = layers.Dense(3)(probs)
    big = keras.Model(inputs, extra)
    return keras.Model(big.input, big.layers[2].output)
