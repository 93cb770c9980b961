from keras.models import Sequential
from keras.layers import Dense, Flatten

def build_model():
    model = Sequential()
    model.add(Flatten(input_shape=(48, 48, 3)))
    model.add(Dense(400, activation="relu"))
    model.add(Dense(200, activation="relu"))
    model.add(Dense(8, activation="softmax"))
    return model
