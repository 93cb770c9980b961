"""Training, at rest: a worker that builds many networks gives back the memory of each."""

from __future__ import annotations

import ctypes
import gc
import sys

import keras


def forget() -> None:
    """Give back the memory of all networks that it built, which nothing may hold any more."""
    # Keras would keep them in mind; their parts hold each other, so that only the collector ends
    # them; and the C library would keep what they took, in pieces too small for the next one.
    keras.utils.clear_session()
    gc.collect()
    if sys.platform == "linux":
        ctypes.CDLL(None).malloc_trim(0)
