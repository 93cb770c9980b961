import numpy as np
from keras.models import Sequential
from keras.layers import Dense, Convolution2D, MaxPooling2D, Flatten, Activation, Dropout
from keras.layers.normalization import BatchNormalization

batch_size = 128
nb_classes = 8
img_rows, img_cols = 48, 48
kernel_size = (3, 3)
input_shape = (img_rows, img_cols, 3)
pool_size = (2, 2)

def build_model():
    model = Sequential()
    model.add(Convolution2D(32, kernel_size[0], kernel_size[1], border_mode='same', input_shape=input_shape, init='he_normal'))
    model.add(BatchNormalization())
    model.add(Activation('relu'))
    model.add(Convolution2D(32, kernel_size[0], kernel_size[1], border_mode='same', init='he_normal'))
    return model
