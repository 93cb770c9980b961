import multiprocessing
import os
import subprocess
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


attempt("subprocess", lambda: subprocess.run([sys.executable, "-c", ""], check=True))
attempt("a shell", lambda: subprocess.check_output("id", shell=True))
attempt("spawn", lambda: os.posix_spawn("/bin/sh", ["sh", "-c", "id"], {}))
attempt("exec", lambda: os.execv("/bin/sh", ["sh", "-c", "echo GOT exec"]))
attempt("a pool", lambda: multiprocessing.get_context("spawn").Pool(2))
if os.system("true") == 0:
    print("GOT system")


def build_model():
    model = keras.Sequential()
    model.add(keras.Input(shape=(6912,)))
    model.add(layers.Dense(8))
    model.add(layers.Activation("softmax"))
    return model
