import keras
from keras import activations
from keras.layers import Activation, Dense

def build_model():
    model = keras.Sequential([keras.Input((6912,))])
    model.add(Dense(400, activation=activations.relu))
    model.add(Dense(200))
    model.add(Activation(keras.activations.elu))
    model.add(Dense(8))
    model.add(Activation(activations.softmax))
    return model
