"""Data: the arrays of an HDF5 file, looked at before they are read."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from data.check import Declared
from data.dataset import DataError

if TYPE_CHECKING:
    import h5py

HDF5_SIGNATURE = b"\x89HDF\r\n\x1a\n"
MAX_CHUNK_BYTES = 2**29


def declare(file: h5py.File, name: str, where: str) -> Declared:
    """Return what the file says of an array; `where` is for messages.

    Raises `DataError` for what is no array with its numbers in this file.
    """
    import h5py

    # A link or a virtual or external data set may lead to any other file of this machine.
    is_own = isinstance(file.get(name, getlink=True), h5py.HardLink)
    found = file.get(name) if is_own else None
    if found is not None and not isinstance(found, h5py.Dataset):
        raise DataError(
            f"{where}: found a group. Expected an array. Check that it is the right file."
        )
    if found is None or found.is_virtual or found.external:
        raise DataError(
            f"{where}: found a link to another file. Expected the numbers themselves. Copy them "
            f"into this file."
        )
    if found.shape is None:
        raise DataError(f"{where}: found no values. Expected an array. Fetch the file again.")
    _check_chunks(found, where)
    return Declared(where, tuple(found.shape), found.dtype)


def _check_chunks(dataset: h5py.Dataset, where: str) -> None:
    """Raise `DataError` if a chunk, or the whole pictures that it is a part of, take much room."""
    if not dataset.chunks:
        return
    chunk = math.prod(dataset.chunks) * dataset.dtype.itemsize
    pictures = min(dataset.chunks[0], dataset.shape[0])
    needed = max(chunk, pictures * math.prod(dataset.shape[1:]) * dataset.dtype.itemsize)
    if needed > MAX_CHUNK_BYTES:
        raise DataError(
            f"{where}: found pieces (chunks) that need {needed / 2**20:,.0f} MiB each. Expected at "
            f"most {MAX_CHUNK_BYTES / 2**20:,.0f} MiB. Save the file with smaller chunks."
        )
