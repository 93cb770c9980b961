import ctypes
import resource

import keras
from keras import layers


def attempt(what, act):
    """Says what was got, and nothing where it was refused."""
    try:
        got = act()
    except Exception:
        return
    print("GOT", what, str(got)[:200])


attempt(
    "a larger stack",
    lambda: resource.setrlimit(resource.RLIMIT_STACK, (resource.RLIM_INFINITY,) * 2),
)
attempt("an end of it", lambda: resource.setrlimit(resource.RLIMIT_STACK, (1 << 30, 1 << 30)))
for line in open("/proc/self/maps"):
    if "[stack]" in line:
        lowest = int(line.partition("-")[0], 16)
libc = ctypes.CDLL(None)
libc.mremap.restype = ctypes.c_void_p
moved = libc.mremap(ctypes.c_void_p(lowest), ctypes.c_size_t(4096), ctypes.c_size_t(1 << 30), 1)
if moved not in (None, 2**64 - 1):
    print("GOT the stack elsewhere")
for number in range(1, 1 << 16):
    ctypes.memset(lowest - 4096 * number, 1, 4096)
print("GOT 256 MiB of stack")


def build_model():
    model = keras.Sequential()
    model.add(keras.Input(shape=(6912,)))
    model.add(layers.Dense(8))
    model.add(layers.Activation("softmax"))
    return model
