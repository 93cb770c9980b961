import keras
import numpy as np

def build_model():
    model = keras.Sequential([keras.layers.Dense(8), keras.layers.Activation("softmax")])
    model(np.zeros((1, 6912), "float32"))
    return model
