"""Data: the arrays of a `.npz`, a zip of numpy arrays, looked at before they are read."""

from __future__ import annotations

import zipfile
from typing import BinaryIO, cast

import numpy as np

from data.check import Declared
from data.dataset import DataError

ZIP_SIGNATURE = b"PK\x03\x04"


def members_of(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Return the arrays by their names."""
    return {info.filename.removesuffix(".npy"): info for info in archive.infolist()}


def declare(archive: zipfile.ZipFile, info: zipfile.ZipInfo, where: str) -> Declared:
    """Return what the array's header says, after checking that the array is as long as it says.

    `where` is for messages. Raises `DataError`, for pickled objects too.
    """
    with archive.open(info) as member:
        file = cast("BinaryIO", member)
        version = np.lib.format.read_magic(file)
        read = {
            (1, 0): np.lib.format.read_array_header_1_0,
            (2, 0): np.lib.format.read_array_header_2_0,
        }.get(version)
        if read is None:
            raise DataError(
                f"{where}: found version {version} of numpy's format. Expected 1.0 or 2.0."
            )
        shape, _, dtype = read(file)
        start = member.tell()
    if dtype.hasobject:
        raise DataError(
            f"{where}: found pickled Python objects, which could run any code and are never "
            f"opened. "
            "Expected plain arrays of numbers. Save the file anew from such arrays."
        )
    size = dtype.itemsize
    for axis in shape:
        size *= axis
    if info.file_size != start + size:
        raise DataError(
            f"{where}: found {info.file_size - start:,} bytes, expected {size:,} for shape "
            f"{shape}. "
            "The file is damaged: make or fetch it again."
        )
    return Declared(where, tuple(shape), dtype)


def read_array(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> np.ndarray:
    """Return the array; nothing in it is ever unpickled."""
    with archive.open(info) as member:
        return np.lib.format.read_array(cast("BinaryIO", member), allow_pickle=False)
