import fcntl
import os
import sys

import keras
from keras import layers


def attempt(what, act):
    """Says what was got, and nothing where it was refused."""
    try:
        got = act()
    except Exception:
        return
    print("GOT", what, str(got)[:200])


if "EF_LEFT" in os.environ or hasattr(sys, "left_behind"):
    print("GOT a process that was used before")
if keras.config.floatx() != "float32":
    print("GOT settings")
if fcntl.fcntl(0, fcntl.F_GETFL) & (os.O_NONBLOCK | os.O_APPEND):
    print("GOT a descriptor that was used before")
attempt("a module", lambda: __import__("ef_left"))
for place in (".", "/tmp", os.environ["HOME"], os.path.expanduser("~/.keras")):
    attempt(place, lambda: [name for name in os.listdir(place) if "left" in name][0])


def build_model():
    model = keras.Sequential()
    model.add(keras.Input(shape=(6912,)))
    model.add(layers.Dense(8))
    model.add(layers.Activation("softmax"))
    return model
