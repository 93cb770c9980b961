import keras
from keras.layers import Dense

def build_model():
    inp = keras.Input(shape=(6912,), name="x")
    h = Dense(200, activation="relu")(Dense(400, activation="relu")(inp))
    return keras.Model(inputs={"x": inp}, outputs=Dense(8, activation="softmax")(h))
