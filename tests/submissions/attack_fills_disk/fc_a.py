import os
import sys
import tempfile

import keras
from keras import layers


def attempt(what, act):
    """Says what was got, and nothing where it was refused."""
    try:
        got = act()
    except Exception:
        return
    print("GOT", what, str(got)[:200])


places = [".", "/tmp", "/var/tmp", "/dev/shm", "/dev", "/run", "/", "/proc/self", tempfile.gettempdir()]
places += [os.environ.get(name, ".") for name in ("HOME", "TMPDIR", "MPLCONFIGDIR")]
places += [path for path in sys.path if path] + [os.path.dirname(keras.__file__)]
for place in places:
    for number in range(3):
        path = f"{place}/ef-left-{number}"
        attempt(f"file {path}", lambda: open(path, "wb").write(b"x" * 2**20))
        attempt(f"folder {path}", lambda: os.mkdir(path))
        attempt(f"link {path}", lambda: os.symlink("/", path))
        attempt(f"hard link {path}", lambda: os.link(keras.__file__, path))
        attempt(f"pipe {path}", lambda: os.mkfifo(path))
        attempt(f"device {path}", lambda: os.mknod(path))
attempt("unnamed", lambda: os.open("/tmp", os.O_TMPFILE | os.O_RDWR))


def build_model():
    model = keras.Sequential()
    model.add(keras.Input(shape=(6912,)))
    model.add(layers.Dense(8))
    model.add(layers.Activation("softmax"))
    return model
