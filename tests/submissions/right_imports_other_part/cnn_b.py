import keras
from keras.layers import *
from cnn_a import two_convs

def build_model():
    return keras.Sequential([Input((48, 48, 3)), *two_convs(32), Dropout(0.3), *two_convs(64), Dropout(0.3), Flatten(), Dense(200), Activation("relu"), Dropout(0.3), Dense(8), Activation("softmax")])
