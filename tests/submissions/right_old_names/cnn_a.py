from keras.models import Sequential
from keras.layers import Activation, Convolution2D, Dense, Flatten, InputLayer, MaxPool2D

def build_model():
    model = Sequential()
    model.add(InputLayer(shape=(48, 48, 3)))
    for n in [32, 64]:
        model.add(Convolution2D(n, (3, 3), padding='same', kernel_initializer='he_normal'))
        model.add(Activation('relu'))
        model.add(Convolution2D(n, (3, 3), padding='same', kernel_initializer='he_normal'))
        model.add(Activation('relu'))
        model.add(MaxPool2D(pool_size=(2, 2)))
    model.add(Flatten())
    model.add(Dense(200, kernel_initializer='he_normal'))
    model.add(Activation('relu'))
    model.add(Dense(8, kernel_initializer='he_normal'))
    model.add(Activation('softmax'))
    return model
