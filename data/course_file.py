"""Data: the course's HDF5, in one file or in two, told apart by the keys that are in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from data.check import Declared, check_content, check_declared, to_pixels
from data.dataset import ARRAYS, DataError, DataSet, make_dataset, shown
from data.hdf5 import HDF5_SIGNATURE, declare

if TYPE_CHECKING:
    import h5py

# tensorchiefs/dl_course, 2017: X_train_8_faces (2000, 48, 48, 3) float64, Y_train_8_faces (2000,)
# int64, ...
KEYS = {key: f"{key[0].upper()}{key[1:]}_8_faces" for key in ARRAYS}
LAYOUT = f"the course's keys {', '.join(KEYS.values())}, in one file or in two"
MAX_NEIGHBOURS = 500
IMAGES_AT_ONCE = 256

Sources: TypeAlias = dict[str, Path]


def find_course_files(path: Path) -> Sources:
    """Return in which file each array is: `path`, one beside it, or one in that folder."""
    if path.is_dir():
        return _find_in_folder(path)
    keys = _keys_in(path)
    if not keys:
        raise DataError(
            f"{path}: found {_describe_keys(path)}. Expected {LAYOUT}. Check that it is the "
            f"right file."
        )
    missing = set(ARRAYS) - keys
    sources = dict.fromkeys(keys, path)
    if not missing:
        return sources
    beside = [
        other
        for other in _hdf5_files(path.parent)
        if other != path and missing <= _try_keys_in(other)
    ]
    if len(beside) != 1:
        named = ", ".join(KEYS[key] for key in ARRAYS if key in missing)
        found = f"several files with them: {_names(beside)}" if beside else "no HDF5 file with them"
        raise DataError(
            f"{path}: {named} are not in this file, and beside it there is {found}. Expected "
            f"{LAYOUT}. "
            "Put exactly one such file into the same folder."
        )
    return sources | dict.fromkeys(missing, beside[0])


def read_course_files(sources: Sources) -> DataSet:
    """Return the checked data set of the files that `find_course_files` found.

    Pixels may be any numbers in 0..255; fractions are rounded to the nearest whole number. The
    persons have no names there.
    """
    declared: dict[str, Declared] = {}
    where = {key: f"{path}, {KEYS[key]}" for key, path in sources.items()}
    for key, path in sources.items():
        with _open(path) as file:
            declared[key] = declare(file, KEYS[key], where[key])
    check_declared(declared)
    arrays: dict[str, np.ndarray] = {}
    for key, path in sources.items():
        with _open(path) as file:
            arrays[key] = _read(file[KEYS[key]], key, where[key])
    classes = check_content(arrays, where, None)
    files = sorted(set(sources.values()), key=lambda path: path != sources["x_train"])
    names = [f"person {label}" for label in range(classes)]
    return make_dataset(arrays, names=names, name=" + ".join(path.stem for path in files))


@contextmanager
def _open(path: Path) -> Iterator[h5py.File]:
    import h5py

    try:
        with h5py.File(path, "r") as file:
            yield file
    except (OSError, RuntimeError, KeyError, ValueError, TypeError) as error:
        raise DataError(
            f"{path}: the HDF5 file is damaged, incomplete or of a kind that is not read here "
            f"({shown(str(error))}). Expected {LAYOUT}. Fetch the file again."
        ) from error


def _keys_in(path: Path) -> set[str]:
    with _open(path) as file:
        return {key for key, name in KEYS.items() if file.get(name, getlink=True) is not None}


def _try_keys_in(path: Path) -> set[str]:
    try:
        return _keys_in(path)
    except DataError:
        return set()


def _describe_keys(path: Path) -> str:
    with _open(path) as file:
        return f"the keys {shown(', '.join(islice(file, 8)))}" if len(file) else "no keys at all"


def _find_in_folder(folder: Path) -> Sources:
    files = _hdf5_files(folder)
    whole = [path for path in files if _try_keys_in(path) == set(ARRAYS)]
    halves = [path for path in files if {"x_train", "y_train"} <= _try_keys_in(path) != set(ARRAYS)]
    candidates = whole or halves
    if len(candidates) != 1:
        found = (
            f"several files that could be it: {_names(candidates)}"
            if candidates
            else (f"no such file (looked into {_names(files)})" if files else "no HDF5 file")
        )
        raise DataError(
            f"{folder}: in this folder there is {found}. Expected one set with {LAYOUT}. Name "
            f"the file itself."
        )
    return find_course_files(candidates[0])


def _hdf5_files(folder: Path) -> list[Path]:
    found = []
    for path in islice(sorted(folder.iterdir()), MAX_NEIGHBOURS):
        if path.is_file():
            try:
                with path.open("rb") as file:
                    start = file.read(len(HDF5_SIGNATURE))
            except OSError:
                continue
            if start == HDF5_SIGNATURE:
                found.append(path)
    return found


def _names(paths: list[Path]) -> str:
    shown, more = ", ".join(path.name for path in paths[:4]), len(paths[4:])
    return f"{shown} and {more} more" if more else shown


def _read(dataset: h5py.Dataset, key: str, where: str) -> np.ndarray:
    """Return an array of the file, pictures as uint8.

    Pictures are read piece by piece: as float64 they would take eight times the room.
    """
    if key.startswith("y"):
        return np.asarray(dataset[:])
    pixels = np.empty(dataset.shape, np.uint8)
    # Whole chunks at a time, so that none is unpacked twice.
    chunk = dataset.chunks[0] if dataset.chunks else 1
    step = chunk * max(1, IMAGES_AT_ONCE // chunk)
    for first in range(0, dataset.shape[0], step):
        piece = slice(first, first + step)
        pixels[piece] = to_pixels(dataset[piece], where)
    return pixels
