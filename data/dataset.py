"""Data: the data set that passes from loading to training, and its digest."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

SPLITS = ("train", "valid", "test")
ARRAYS = tuple(f"{kind}_{split}" for split in SPLITS for kind in ("x", "y"))


class DataError(Exception):
    """A data set cannot be used; says what was found, what was expected and what to do next."""


def shown(text: str) -> str:
    """Return text of foreign origin as it can be shown on one line, at most 200 characters."""
    return "".join(letter if letter.isprintable() else "?" for letter in text[:200])


@dataclass(frozen=True, eq=False)
class DataSet:
    """Images and labels in three splits, or a part's own examples; the arrays are read-only.

    Images: `x_*` uint8 (n, height, width, 3), RGB in 0..255; `y_*` int64 (n,), indices into
    `names`. `sha256` is the digest of the arrays' content (see `digest`). Examples of a part's own
    are as `data.part_file` says: there `names` may be empty, and `sha256` is that of the file.
    """

    x_train: np.ndarray
    y_train: np.ndarray
    x_valid: np.ndarray
    y_valid: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    names: tuple[str, ...]
    name: str
    sha256: str


def make_dataset(arrays: Mapping[str, np.ndarray], *, names: Sequence[str], name: str) -> DataSet:
    """Return a data set of the six checked arrays `x_train` to `y_test`, made read-only.

    Pictures must be uint8 already; labels of any whole-number type become int64.
    """
    frozen = {key: _freeze(arrays[key]) for key in ARRAYS}
    return DataSet(**frozen, names=tuple(names), name=name, sha256=digest(frozen))


def digest(arrays: Mapping[str, np.ndarray]) -> str:
    """Return the SHA-256, in hex, of the six arrays' content: equal for equal pictures and labels.

    In the order of `ARRAYS` it covers one line with key, type and shape, such as `x_train uint8
    2000,48,48,3`, then the elements row by row, labels as little-endian int64. Names, file format
    and compression do not enter.
    """
    sha256 = hashlib.sha256()
    for key in ARRAYS:
        kind = "u1" if key.startswith("x") else "<i8"
        array = np.ascontiguousarray(arrays[key], dtype=kind)
        shape = ",".join(map(str, array.shape))
        sha256.update(f"{key} {array.dtype.name} {shape}\n".encode("ascii"))
        sha256.update(array.tobytes())
    return sha256.hexdigest()


def _freeze(array: np.ndarray) -> np.ndarray:
    kind = np.uint8 if array.dtype == np.uint8 and array.ndim > 1 else np.int64
    frozen = np.array(array, dtype=kind, order="C")
    frozen.setflags(write=False)
    return frozen
