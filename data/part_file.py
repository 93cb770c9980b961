"""Data: a file that a part of a sheet brings itself, `.npz` or HDF5.

It has these arrays:

| array | type and shape | what |
|---|---|---|
| `x_train`, `x_valid`, `x_test` | numbers, (n, ...) | the examples, all of one shape |
| `y_train`, `y_valid`, `y_test` | whole numbers, (n,) | labels from 0 on |
| or | numbers, (n,) or (n, ...) | the numbers that are to be told of each example |
| `names` | text, (classes,) | may be left out: what the labels are called, in their order |

The digest of such a set is the SHA-256 of its file.
"""

from __future__ import annotations

import hashlib
import io
import math
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from data import hdf5, npz
from data.check import MAX_CLASSES, Declared
from data.dataset import ARRAYS, SPLITS, DataError, DataSet, shown

NAMES = "names"
EXPECTED = f"a .npz or HDF5 file with the arrays {', '.join(ARRAYS)}"
MAX_FILE_BYTES = 256 * 2**20
# In all arrays: as float32, in which networks compute, a quarter of a GiB.
MAX_NUMBERS = 2**26
MAX_NAME = 200
# float32 tells whole numbers apart up to here.
MAX_WHOLE = 2**24


@dataclass(frozen=True)
class Outline:
    """What a file declares: its digest, and shapes of one example and of what is told of it.

    `target_shape` is () for one label or number; `has_labels` where those are whole numbers.
    """

    sha256: str
    names: tuple[str, ...]
    example_shape: tuple[int, ...]
    target_shape: tuple[int, ...]
    has_labels: bool


def read_outline(path: Path) -> Outline:
    """Return what the file declares, without reading its numbers; raises `DataError`."""
    content = _content(path)
    with _opened(content, path) as arrays:
        declared = _checked(arrays, path)
        target = declared["y_train"]
        return Outline(
            sha256=hashlib.sha256(content).hexdigest(),
            names=_names(arrays, path),
            example_shape=declared["x_train"].shape[1:],
            target_shape=target.shape[1:],
            has_labels=_is_whole(target.dtype),
        )


def read_part_file(path: Path) -> DataSet:
    """Return the data set of the file, its numbers checked; raises `DataError`.

    Examples are float32. What is told of them is int64 where the file has whole numbers, else
    float32, in the file's shape.
    """
    content = _content(path)
    with _opened(content, path) as arrays:
        declared = _checked(arrays, path)
        names = _names(arrays, path)
        read = {key: _numbers(arrays.read(key), declared[key].where, key) for key in ARRAYS}
    for array in read.values():
        array.setflags(write=False)
    return DataSet(**read, names=names, name=path.name, sha256=hashlib.sha256(content).hexdigest())


class _Arrays(Protocol):
    """The arrays of an open file, with their `names`; `declare` raises DataError."""

    names: tuple[str, ...]

    def declare(self, key: str, where: str) -> Declared: ...

    def read(self, key: str) -> np.ndarray: ...


class _Npz:
    def __init__(self, content: bytes) -> None:
        self._archive = zipfile.ZipFile(io.BytesIO(content))
        self._members = npz.members_of(self._archive)
        self.names = tuple(self._members)

    def declare(self, key: str, where: str) -> Declared:
        return npz.declare(self._archive, self._members[key], where)

    def read(self, key: str) -> np.ndarray:
        return npz.read_array(self._archive, self._members[key])


class _Hdf5:
    def __init__(self, content: bytes) -> None:
        import h5py

        self._file = h5py.File(io.BytesIO(content), "r")
        self.names = tuple(self._file)

    def declare(self, key: str, where: str) -> Declared:
        return hdf5.declare(self._file, key, where)

    def read(self, key: str) -> np.ndarray:
        import h5py

        found = self._file[key]
        is_text = h5py.check_string_dtype(found.dtype) is not None
        return np.asarray(found.asstr()[:], dtype=np.str_) if is_text else np.asarray(found[()])


def _content(path: Path) -> bytes:
    """The bytes of the file, so that what is checked is what its digest is of."""
    try:
        size = path.stat().st_size
        if size <= MAX_FILE_BYTES:
            return path.read_bytes()
    except OSError as error:
        raise DataError(
            f"{path}: the file cannot be read ({error.strerror}). Expected {EXPECTED}."
        ) from error
    raise DataError(
        f"{path}: found {size / 2**20:,.0f} MiB. Expected at most {MAX_FILE_BYTES / 2**20:,.0f} "
        "MiB. Make a smaller set."
    )


@contextmanager
def _opened(content: bytes, path: Path) -> Iterator[_Arrays]:
    if not content.startswith((npz.ZIP_SIGNATURE, hdf5.HDF5_SIGNATURE)):
        raise DataError(f"{path}: found neither .npz nor HDF5. Expected {EXPECTED}.")
    try:
        yield _Npz(content) if content.startswith(npz.ZIP_SIGNATURE) else _Hdf5(content)
    except DataError:
        raise
    except Exception as error:  # Broken bytes make zipfile, numpy and h5py raise almost anything.
        raise DataError(
            f"{path}: the file is damaged or incomplete ({shown(str(error))}). Expected "
            f"{EXPECTED}. Make or fetch it again."
        ) from error


def _checked(arrays: _Arrays, path: Path) -> dict[str, Declared]:
    """What the six arrays are declared to be, where that fits together."""
    missing = [key for key in ARRAYS if key not in arrays.names]
    if missing:
        found = shown(", ".join(arrays.names[:8])) or "nothing"
        raise DataError(
            f"{path}: found {found}; not found: {', '.join(missing)}. Expected {EXPECTED}."
        )
    declared = {key: arrays.declare(key, f"{path}, array {key}") for key in ARRAYS}
    for key, array in declared.items():
        if array.dtype.kind not in "uif":
            raise DataError(
                f"{array.where}: found values of type {array.dtype}. Expected numbers, such as "
                "float32 or int64. Save the array as such."
            )
        _check_shape(array, declared[f"{key[0]}_train"], is_example=key.startswith("x"))
    for split in SPLITS:
        _check_length(declared[f"x_{split}"], declared[f"y_{split}"])
    # In Python's own integers, which do not overflow: the declared shapes may be anything.
    total = sum(math.prod(array.shape) for array in declared.values())
    if total > MAX_NUMBERS:
        raise DataError(
            f"{path}: found {total:,} numbers in all. Expected at most {MAX_NUMBERS:,}. Make a "
            "smaller set."
        )
    return declared


def _check_shape(array: Declared, first: Declared, *, is_example: bool) -> None:
    least = 2 if is_example else 1
    if len(array.shape) < least or 0 in array.shape:
        expected = (
            "examples of shape (n, ...)" if is_example else "a row for each example, (n, ...)"
        )
        raise DataError(
            f"{array.where}: found shape {array.shape}. Expected {expected}, n at least 1. Bring "
            "the array to that shape."
        )
    other_kind = not is_example and _is_whole(array.dtype) != _is_whole(first.dtype)
    if array.shape[1:] != first.shape[1:] or other_kind:
        raise DataError(
            f"{array.where}: found shape {array.shape} and type {array.dtype}, but "
            f"{first.where} has {first.shape} and {first.dtype}. Expected the same in all splits, "
            "but for the first axis. Make the splits alike."
        )


def _is_whole(dtype: np.dtype) -> bool:
    return dtype.kind in "ui"


def _check_length(examples: Declared, targets: Declared) -> None:
    if examples.shape[0] != targets.shape[0]:
        raise DataError(
            f"{targets.where}: found {targets.shape[0]:,} rows for the {examples.shape[0]:,} "
            f"examples of {examples.where}. Expected as many rows as examples. Make the file "
            "again."
        )


def _names(arrays: _Arrays, path: Path) -> tuple[str, ...]:
    """What the labels are called; none where the file does not say."""
    if NAMES not in arrays.names:
        return ()
    where = f"{path}, array {NAMES}"
    declared = arrays.declare(NAMES, where)
    fits = declared.dtype.kind in "UO" and len(declared.shape) == 1
    if fits and declared.shape[0] <= MAX_CLASSES and declared.dtype.itemsize <= 4 * MAX_NAME:
        names = tuple(str(name) for name in arrays.read(NAMES).tolist())
        if all(name.isprintable() and name.strip() and len(name) <= MAX_NAME for name in names):
            return names
    raise DataError(
        f"{where}: found type {declared.dtype} and shape {declared.shape}. Expected text that can "
        f"be shown, one of at most {MAX_NAME} characters for each class. Save the names as such, "
        "or leave the array out."
    )


def _numbers(values: np.ndarray, where: str, key: str) -> np.ndarray:
    """The array as int64 or float32; raises `DataError` for numbers that cannot be trained on."""
    is_whole = _is_whole(values.dtype)
    if key.startswith("y") and is_whole:
        return np.array(values, dtype=np.int64, order="C")
    if is_whole and max(abs(int(values.min())), abs(int(values.max()))) > MAX_WHOLE:
        raise DataError(
            f"{where}: found whole numbers from {values.min()} to {values.max()}. Networks compute "
            f"in float32, which tells them apart up to {MAX_WHOLE:,}. Make them smaller."
        )
    with np.errstate(over="ignore"):
        floats = np.array(values, dtype=np.float32, order="C")
    if not np.isfinite(floats).all():
        count = int(floats.size - np.isfinite(floats).sum())
        raise DataError(
            f"{where}: found {count:,} values that are no finite numbers of float32 (NaN or "
            "infinite). Leave those examples out, or put numbers in their place."
        )
    return floats
