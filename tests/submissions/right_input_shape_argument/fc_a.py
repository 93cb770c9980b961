from keras.models import Sequential
from keras.layers import Dense, Activation

def build_model():
    model = Sequential()
    model.add(Dense(8, input_dim=6912))
    model.add(Activation('softmax'))
    return model
