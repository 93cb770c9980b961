import keras
from keras.layers import *

def two_convs(n):
    return [Conv2D(n, 3, padding="same"), Activation("relu"), Conv2D(n, 3, padding="same"), Activation("relu"), MaxPooling2D(2)]

def build_model():
    return keras.Sequential([Input((48, 48, 3)), *two_convs(32), *two_convs(64), Flatten(), Dense(200), Activation("relu"), Dense(8), Activation("softmax")])
