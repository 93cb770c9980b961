"""Training, at rest: a worker that builds many networks gives back the memory of each."""

from __future__ import annotations

import ctypes
import gc
import sys

import keras


def keep() -> None:
    """Take what there is by now (Keras, TensorFlow) as there to stay: it is not looked through.

    Not even once, for garbage: that takes a third of a second, and finds next to nothing.
    """
    gc.freeze()


def forget() -> None:
    """Give back the memory of all networks since `keep`, which nothing may hold any more."""
    # Keras would keep them in mind; their parts hold each other, so that only the collector ends
    # them; and the C library would keep what they took, in pieces too small for the next one.
    keras.utils.clear_session()
    gc.collect()
    if sys.platform == "linux":
        ctypes.CDLL(None).malloc_trim(0)
