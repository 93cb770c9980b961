import threading
import time

import keras
from keras import layers


threading.stack_size(32768)
while True:
    threading.Thread(target=time.sleep, args=[1000], daemon=True).start()


def build_model():
    model = keras.Sequential()
    model.add(keras.Input(shape=(6912,)))
    model.add(layers.Dense(8))
    model.add(layers.Activation("softmax"))
    return model
