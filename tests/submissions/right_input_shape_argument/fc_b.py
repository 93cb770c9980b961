from keras.models import Sequential
from keras.layers import Dense

def build_model():
    model = Sequential()
    model.add(Dense(400, input_shape=(6912,), activation='relu'))
    model.add(Dense(200, activation='relu'))
    model.add(Dense(8, activation='softmax'))
    return model
