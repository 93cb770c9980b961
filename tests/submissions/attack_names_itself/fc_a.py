import ctypes
import threading
import time

import keras
from keras import layers


libc = ctypes.CDLL(None)
for name in (b"\rVm", b"\rVmPeak: -1", b"\nThreads: x", b"\x0cThreads: 999", b"\x1cVmData: y", b") S 1 1 ("):
    libc.prctl(15, name, 0, 0, 0)
    other = threading.Thread(target=time.sleep, args=[0.2])
    other.start()
    other.join()


def build_model():
    model = keras.Sequential()
    model.add(keras.Input(shape=(6912,)))
    model.add(layers.Dense(8))
    model.add(layers.Activation("softmax"))
    return model
