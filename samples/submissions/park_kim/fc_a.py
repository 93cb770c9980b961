from keras.layers.core import Activation, Dense
from keras.models import Sequential


def build_model():
    model = Sequential()
    model.add(Dense(8, batch_input_shape=(None, 6912), init="he_normal"))
    model.add(Activation("softmax"))
    return model


ANSWER = "Taken from my notes of last year."
