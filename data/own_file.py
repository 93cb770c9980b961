"""Data: the project's own file, a `.npz` that holds one data set.

Format 1 is a zip of plain numpy arrays, none of them pickled:

| array | type and shape | what |
|---|---|---|
| `format` | whole number, () | 1 |
| `name` | text, () | what the set is called, at most 200 characters |
| `names` | text, (classes,) | the persons, in the order of the labels |
| `sha256` | text, () | `data.digest` of the six arrays below |
| `x_train`, `x_valid`, `x_test` | uint8, (n, height, width, 3) | RGB pictures |
| `y_train`, `y_valid`, `y_test` | int64, (n,) | labels from 0 on |
"""

from __future__ import annotations

import os
import tempfile
import zipfile
from pathlib import Path

import numpy as np

from data.check import MAX_BYTES, MAX_CLASSES, Declared, check_content, check_declared, to_pixels
from data.dataset import ARRAYS, DataError, DataSet, make_dataset, shown
from data.npz import declare, members_of, read_array

FORMAT = 1
TEXTS = ("format", "name", "names", "sha256")
MAX_NAME = 200
# Beyond a size that does no harm, content that is packed as tightly as this is no set of pictures.
HARMLESS_BYTES = 64 * 2**20
MAX_RATIO = 100


def write_own_file(dataset: DataSet, path: Path) -> None:
    """Write `dataset` to `path` in format 1; the file is there in whole or not at all."""
    content = {key: getattr(dataset, key) for key in ARRAYS}
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez_compressed(
                file,
                allow_pickle=False,
                format=np.array(FORMAT),
                name=np.array(dataset.name),
                names=np.array(dataset.names),
                sha256=np.array(dataset.sha256),
                **content,
            )
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)


def read_own_file(path: Path) -> DataSet:
    """Return the checked data set of `path`; raises `DataError` when it is none, or damaged."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _read(archive, path)
    except DataError:
        raise
    except Exception as error:  # Broken bytes make zipfile and numpy raise almost anything.
        raise DataError(
            f"{path}: the file is damaged or incomplete ({shown(str(error))}). Expected a .npz "
            "file of this project. Make or fetch it again."
        ) from error


def _read(archive: zipfile.ZipFile, path: Path) -> DataSet:
    members = members_of(archive)
    missing = [key for key in (*TEXTS, *ARRAYS) if key not in members]
    if missing:
        found = shown(", ".join(list(members)[:8])) or "nothing"
        raise DataError(
            f"{path}: found {found}; not found: {', '.join(missing)}. Expected a .npz file of "
            f"this project. "
            "Make one with `grader data import`."
        )
    declared: dict[str, Declared] = {}
    for key in (*TEXTS, *ARRAYS):
        where = f"{path}, array {key}"
        _check_size(members[key], where)
        declared[key] = declare(archive, members[key], where)
    name, names, sha256 = _read_texts(archive, members, declared, path)
    check_declared({key: declared[key] for key in ARRAYS})
    places = {key: declared[key].where for key in ARRAYS}
    arrays = {key: read_array(archive, members[key]) for key in ARRAYS}
    arrays |= {key: to_pixels(arrays[key], places[key]) for key in ARRAYS if key.startswith("x")}
    check_content(arrays, places, len(names))
    dataset = make_dataset(arrays, names=names, name=name)
    if dataset.sha256 != sha256:
        raise DataError(
            f"{path}: found content with the digest {dataset.sha256[:12]}, expected "
            f"{sha256[:12]}, which the file "
            "states. It is damaged or was changed: make or fetch it again."
        )
    return dataset


def _check_size(info: zipfile.ZipInfo, where: str) -> None:
    """Raise `DataError` for a member that unpacks to more than any set of pictures needs."""
    ratio = info.file_size / max(1, info.compress_size)
    is_bomb = info.file_size > HARMLESS_BYTES and ratio > MAX_RATIO
    if info.file_size > MAX_BYTES or is_bomb:
        raise DataError(
            f"{where}: found {info.file_size / 2**20:,.0f} MiB, packed into "
            f"{info.compress_size / 2**20:,.1f} MiB. Expected at most {MAX_BYTES / 2**20:,.0f} MiB "
            f"of pictures as uint8, which never pack to less than 1 in {MAX_RATIO}. Make the file "
            "again from pictures."
        )


def _read_texts(
    archive: zipfile.ZipFile,
    members: dict[str, zipfile.ZipInfo],
    declared: dict[str, Declared],
    path: Path,
) -> tuple[str, tuple[str, ...], str]:
    for key, kind, axes in (
        ("format", "ui", 0),
        ("name", "U", 0),
        ("names", "U", 1),
        ("sha256", "U", 0),
    ):
        array = declared[key]
        fits = array.dtype.kind in kind and len(array.shape) == axes
        if not fits or array.dtype.itemsize > 4 * MAX_NAME or sum(array.shape) > MAX_CLASSES:
            raise DataError(
                f"{array.where}: found type {array.dtype} and shape {array.shape}. "
                "Expected what format 1 of the project's .npz says. Make the file again."
            )
    content = {key: read_array(archive, members[key]) for key in TEXTS}
    if int(content["format"]) != FORMAT:
        raise DataError(
            f"{path}: found format {int(content['format'])}, expected {FORMAT}. "
            "The file comes from another version of the grader: make it again with this one."
        )
    names = tuple(content["names"].tolist())
    if not all(text.isprintable() and text.strip() for text in (str(content["name"]), *names)):
        raise DataError(
            f"{path}: found names that cannot be shown. Expected printable text in `name` and "
            f"`names`."
        )
    return str(content["name"]), names, str(content["sha256"])
