import keras
from keras.layers import Dense

def build_model():
    model = keras.Sequential([keras.Input((6912,))])
    model.add(Dense(400, activation='relu'))
    model.add(Dense(200, activation='relu'))
    model.add(Dense(8, activation='softmax'))
    return model
