"""Data, the way in: chooses the source of a data set, by argument, environment or default."""

from __future__ import annotations

import os
from pathlib import Path

from data.builtin import load_invented
from data.course_file import find_course_files, read_course_files
from data.dataset import DataError, DataSet
from data.hdf5 import HDF5_SIGNATURE
from data.npz import ZIP_SIGNATURE
from data.own_file import read_own_file

ENVIRONMENT = "GRADER_DATA"
ACCEPTED = (
    "the course's HDF5 file (or the folder with its two files), or a .npz file of this project"
)
STARTS = {
    b"": "is empty",
    b"<": "looks like a web page, perhaps a log-in page that was saved in place of the file",
    b"\x1f\x8b": "is packed with gzip",
    b"\x89PNG": "is a single picture",
    b"\xff\xd8\xff": "is a single picture",
    b"\x93NUMPY": "is a single array (.npy)",
    b"\x80": "looks like a pickle, which could run any code and is never opened",
    b"version https://git-lfs": "is only a pointer of Git LFS to the file",
}


def load(path: str | Path | None = None) -> DataSet:
    """Return a checked data set, told apart by its content and not by its name.

    `path` is the course's HDF5 file, one of its two files (the other is looked for beside it), the
    folder that holds both, or a `.npz` file as written by `write_own_file`. Without it, the
    environment variable GRADER_DATA is taken if set, else the built-in set of invented faces.

    Raises `DataError` when the file cannot be used.

    >>> load("8_faces_test.hdf5").x_train.shape  # doctest: +SKIP
    (2000, 48, 48, 3)
    """
    chosen = chosen_path(path)
    if chosen is None:
        return load_invented()
    if path is not None:
        return _load_file(chosen)
    try:
        return _load_file(chosen)
    except DataError as error:
        raise DataError(f"{error} (The environment variable {ENVIRONMENT} chose it.)") from error


def chosen_path(path: str | Path | None = None) -> Path | None:
    """Return the file or folder that `load(path)` reads; None for the built-in set."""
    chosen = os.environ.get(ENVIRONMENT) if path is None else path
    return Path(chosen) if chosen else None


def _load_file(path: Path) -> DataSet:
    if path.is_dir():
        return read_course_files(find_course_files(path))
    if not path.exists():
        raise DataError(f"{path}: there is no such file. Expected {ACCEPTED}. Check the path.")
    if not path.is_file():
        raise DataError(f"{path}: this is no ordinary file. Expected {ACCEPTED}.")
    try:
        with path.open("rb") as file:
            start = file.read(32)
    except OSError as error:
        raise DataError(f"{path}: the file cannot be read ({error.strerror}).") from error
    if start.startswith(ZIP_SIGNATURE):
        return read_own_file(path)
    if start.startswith(HDF5_SIGNATURE):
        return read_course_files(find_course_files(path))
    raise DataError(
        f"{path}: the file {_describe(start)}. Expected {ACCEPTED}. Check the path, or fetch the "
        f"file again."
    )


def _describe(start: bytes) -> str:
    stripped = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower() if start[:1] != b"\x89" else start
    for signature, words in STARTS.items():
        if signature and (start.startswith(signature) or stripped.startswith(signature)):
            return words
    return f"starts with {start[:8]!r}, neither HDF5 nor .npz" if start else STARTS[b""]
