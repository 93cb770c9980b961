pip install keras
from tensorflow import keras
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Input, Dense, Activation

def build_model():
    m = Sequential([
        Input((6912,)),
        Dense(400, kernel_initializer="he_normal"),
        Activation("relu"),
        Dense(200, kernel_initializer="he_normal"),
        Activation("relu"),
        Dense(8, kernel_initializer="he_normal"),
        Activation("softmax"),
    ])
    return m
