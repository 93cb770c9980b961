import os

import keras
from keras import layers


def attempt(what, act):
    """Says what was got, and nothing where it was refused."""
    try:
        got = act()
    except Exception:
        return
    print("GOT", what, str(got)[:200])


CANARY = "/etc/hostname"


def emptied(flags):
    return os.open(CANARY, flags | os.O_TRUNC)


attempt("neither read nor write", lambda: os.open(CANARY, 3))
attempt("write", lambda: open(CANARY, "r+b").write(b"x"))
attempt("append", lambda: open(CANARY, "ab"))
attempt("truncate", lambda: os.truncate(CANARY, 0))
for flags in (os.O_RDONLY, os.O_WRONLY, os.O_RDWR, 3, os.O_PATH):
    if flags != os.O_PATH:
        attempt(f"emptied {flags}", lambda: emptied(flags))
attempt("mode", lambda: os.chmod(CANARY, 0o777))
attempt("mode of its folder", lambda: os.chmod(os.path.dirname(CANARY), 0))
attempt("owner", lambda: os.chown(CANARY, os.getuid(), os.getgid()))
attempt("time", lambda: os.utime(CANARY, (0, 0)))
attempt("label", lambda: os.setxattr(CANARY, "user.x", b"x"))
attempt("name", lambda: os.rename(CANARY, CANARY + ".old"))
attempt("gone", lambda: os.unlink(CANARY))
attempt("Python", lambda: os.truncate(keras.__file__, 0))
attempt("Python emptied", lambda: os.open(keras.__file__, os.O_RDONLY | os.O_TRUNC))


def build_model():
    model = keras.Sequential()
    model.add(keras.Input(shape=(6912,)))
    model.add(layers.Dense(8))
    model.add(layers.Activation("softmax"))
    return model
