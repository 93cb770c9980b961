from tensorflow.keras.models import *
from tensorflow.keras.layers import *
from tensorflow.keras.optimizers import *
import numpy as np

def build_model():
    model = Sequential()
    model.add(Input(shape=(np.prod([48, 48, 3]),)))
    model.add(Dense(400)); model.add(Activation('relu'))
    model.add(Dense(200)); model.add(Activation('relu'))
    model.add(Dense(8)); model.add(Activation('softmax'))
    model.compile(optimizer=Adam(learning_rate=0.001), loss='categorical_crossentropy', metrics=['accuracy'])
    return model
