import keras
from keras.layers import Dense

def build_model():
    x = inp = keras.Input((6912,))
    x = keras.activations.relu(Dense(400)(x))
    x = keras.ops.relu(Dense(200)(x))
    out = keras.activations.softmax(Dense(8)(x))
    return keras.Model(inp, out)
