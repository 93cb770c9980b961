import keras
from keras.layers import Activation, Conv2D, Dense, Flatten, Input, MaxPooling2D


def build_model():
    model = keras.Sequential()
    model.add(Input(shape=(48, 48, 3)))
    # block 1
    model.add(Conv2D(32, (3, 3), padding="same"))
    model.add(Activation("relu"))
    model.add(Conv2D(32, (3, 3), padding="same", data_format="channels_first", name="conv_1b"))
    model.add(Activation("relu", name="act_1b"))
    model.add(MaxPooling2D(pool_size=(2, 2)))
    # block 2
    model.add(Conv2D(64, (3, 3), padding="same"))
    model.add(Activation("relu", name="act_2a"))
    model.add(Conv2D(64, (3, 3), padding="same", name="conv_2b"))
    model.add(Activation("relu", name="act_2b"))
    model.add(MaxPooling2D(pool_size=(2, 2), name="pool_2"))
    # classifier
    model.add(Flatten())
    model.add(Dense(200))
    model.add(Activation("relu", name="act_dense"))
    model.add(Dense(8))
    model.add(Activation("softmax"))
    return model


ANSWER = "I expect it to be better, since a face may stand anywhere in the picture."
