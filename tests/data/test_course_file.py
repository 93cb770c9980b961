"""The course's HDF5: one file or two, and what is said about a wrong one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest

import data
from data.dataset import ARRAYS

Arrays = dict[str, np.ndarray]


def halves(content: Arrays) -> tuple[Arrays, Arrays]:
    """Return the arrays of the first and of the second of the course's two files."""
    test = {key: values for key, values in content.items() if key.endswith("test")}
    return {key: content[key] for key in ARRAYS if key not in test}, test


def test_course_file(arrays: Arrays, write: Callable[..., Path]) -> None:
    """The course's float64 pixels become uint8, the labels stay, the persons get numbers."""
    dataset = data.load(write(arrays))

    assert np.dtype(np.uint8) == dataset.x_train.dtype
    assert all((arrays[key] == getattr(dataset, key)).all() for key in ARRAYS)
    assert ("person 0", "person 1", "person 2") == dataset.names
    assert "course" == dataset.name


@pytest.mark.parametrize("asked", ["first.hdf5", "second.hdf5", "."])
def test_two_files_are_one_set(
    arrays: Arrays, write: Callable[..., Path], tmp_path: Path, asked: str
) -> None:
    """Either of the two files, or their folder, gives the set that one file gives."""
    train_and_valid, test = halves(arrays)
    write(train_and_valid, "first.hdf5")
    write(test, "second.hdf5")
    (tmp_path / "notes.txt").write_text("beside the files")

    dataset = data.load(tmp_path / asked)

    assert data.digest(arrays) == dataset.sha256
    assert "first + second" == dataset.name


def test_half_without_the_other(
    arrays: Arrays, write: Callable[..., Path], message_for: Callable[[Path], str]
) -> None:
    """A single half says which keys are missing and where they were looked for."""
    message = message_for(write(halves(arrays)[0]))

    assert "X_test_8_faces, Y_test_8_faces are not in this file" in message
    assert "beside it there is no HDF5 file with them" in message


def test_half_with_two_others(
    arrays: Arrays, write: Callable[..., Path], message_for: Callable[[Path], str]
) -> None:
    """When two files could be the other half, both are named."""
    train_and_valid, test = halves(arrays)
    write(test, "a.hdf5")
    write(test, "b.hdf5")

    assert "several files with them: a.hdf5, b.hdf5" in message_for(write(train_and_valid))


def test_folder_without_files(tmp_path: Path, message_for: Callable[[Path], str]) -> None:
    """A folder that holds no such file says so."""
    assert "in this folder there is no HDF5 file" in message_for(tmp_path)


def test_fractions_are_rounded(arrays: Arrays, write: Callable[..., Path]) -> None:
    """A pixel of 7.6 becomes 8."""
    arrays["x_train"][0, 0, 0] = 7.6

    assert [8, 8, 8] == data.load(write(arrays)).x_train[0, 0, 0].tolist()


def change(key: str, edit: Callable[[np.ndarray], np.ndarray]) -> Callable[[Arrays], Arrays]:
    """Return what changes one array of a set."""
    return lambda content: content | {key: edit(content[key])}


def put(value: float) -> Callable[[np.ndarray], np.ndarray]:
    """Return what replaces the first value of an array."""

    def edit(values: np.ndarray) -> np.ndarray:
        values = values.copy()
        values.reshape(-1)[0] = value
        return values

    return edit


WRONG = {
    "grey": (change("x_train", lambda x: x[..., 0]), "X_train_8_faces: found shape (12, 48, 48)"),
    "channels first": (
        change("x_valid", lambda x: x.transpose(0, 3, 1, 2)),
        "X_valid_8_faces: found shape (3, 3, 48, 48)",
    ),
    "other size": (
        change("x_test", lambda x: x[:, :40]),
        "X_test_8_faces: the pictures are 40 x 48",
    ),
    "tiny": (change("x_train", lambda x: x[:, :4]), "found pictures of 4 x 48 pixels"),
    "empty split": (change("x_test", lambda x: x[:0]), "found no picture at all"),
    "text as labels": (change("y_test", lambda y: y.astype("S3")), "values of type |S3"),
    "float labels": (change("y_test", lambda y: y * 1.0), "values of type float64"),
    "one-hot": (change("y_train", lambda y: np.eye(3, dtype=int)[y]), "take their argmax"),
    "too few labels": (change("y_valid", lambda y: y[:2]), "found 2 labels for the 3 pictures"),
    "negative label": (change("y_train", put(-1)), "found labels from -1 to 2"),
    "huge label": (change("y_train", put(10**12)), "found labels from 0 to 1000000000000"),
    "label gap": (change("y_train", lambda y: y * 2), "found no picture with the labels 1, 3"),
    "missing person": (change("y_test", lambda y: y * 0), "found no picture with the labels 1, 2"),
    "extra person": (change("y_test", put(3)), "found the labels 3, which the training set"),
    "one person": (
        lambda content: {k: v * 0 if k[0] == "y" else v for k, v in content.items()},
        "found one person only",
    ),
    "NaN": (change("x_valid", put(np.nan)), "X_valid_8_faces: found pixels that are no numbers"),
    "infinite": (change("x_valid", put(np.inf)), "found pixels that are no numbers"),
    "too bright": (change("x_train", put(300)), "found pixels from 0 to 300. Expected 0 to 255"),
    "standardized": (change("x_train", lambda x: (x - 128) / 64), "not yet standardized"),
    "scaled": (change("x_train", lambda x: x / 255), "all pixels lie between 0 and 1"),
    "complex": (change("x_train", lambda x: x * 1j), "values of type complex128"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_content(
    arrays: Arrays, write: Callable[..., Path], case: str, message_for: Callable[[Path], str]
) -> None:
    """What was found and what was expected is said of every kind of wrong content."""
    edit, expected = WRONG[case]

    message = message_for(write(edit(arrays)))

    assert expected in message
    assert "xpected" in message


def test_other_keys(tmp_path: Path, message_for: Callable[[Path], str]) -> None:
    """An HDF5 file of something else says which keys it has and which it should have."""
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file["images"] = [1]

    message = message_for(tmp_path / "other.h5")

    assert "found the keys images" in message
    assert "X_train_8_faces" in message


def test_group_in_place_of_an_array(
    arrays: Arrays, write: Callable[..., Path], message_for: Callable[[Path], str]
) -> None:
    """A group under a known key is named as such."""
    path = write(arrays)
    with h5py.File(path, "a") as file:
        del file["Y_test_8_faces"]
        file.create_group("Y_test_8_faces")

    assert "Y_test_8_faces: found a group" in message_for(path)


@pytest.mark.parametrize("kind", ["soft", "external", "virtual", "raw"])
def test_links_are_not_followed(
    arrays: Arrays,
    write: Callable[..., Path],
    tmp_path: Path,
    kind: str,
    message_for: Callable[[Path], str],
) -> None:
    """A file that points to other files is refused before anything is read through it."""
    path = write(arrays)
    elsewhere = write(arrays, "elsewhere.bin")
    with h5py.File(path, "a") as file:
        del file["X_test_8_faces"]
        if kind == "soft":
            file["X_test_8_faces"] = h5py.SoftLink("/X_train_8_faces")
        elif kind == "external":
            file["X_test_8_faces"] = h5py.ExternalLink(str(elsewhere), "X_test_8_faces")
        elif kind == "virtual":
            layout = h5py.VirtualLayout((3, 48, 48, 3), np.float64)
            layout[:] = h5py.VirtualSource(elsewhere, "X_test_8_faces", (3, 48, 48, 3))
            file.create_virtual_dataset("X_test_8_faces", layout)
        else:
            raw = [(str(tmp_path / "notes.raw"), 0, h5py.h5f.UNLIMITED)]
            file.create_dataset("X_test_8_faces", (3, 48, 48, 3), np.float64, external=raw)

    assert "X_test_8_faces: found a link to another file" in message_for(path)


def test_huge_declared_shape(
    arrays: Arrays, write: Callable[..., Path], message_for: Callable[[Path], str]
) -> None:
    """A file that declares terabytes is refused by what it declares."""
    path = write(arrays)
    count = 10**9
    with h5py.File(path, "a") as file:
        del file["X_train_8_faces"], file["Y_train_8_faces"]
        file.create_dataset("X_train_8_faces", (count, 48, 48, 3), "f8", chunks=(1, 48, 48, 3))
        file.create_dataset("Y_train_8_faces", (count,), "i8", chunks=(1000,))

    message = message_for(path)

    assert "declare 1,000,000,006 pictures of 48 x 48" in message
    assert "at most 200,000 pictures" in message


@pytest.mark.parametrize("chunks", [(30_000, 48, 48, 3), (60_000, 1, 1, 1)])
def test_huge_chunks(
    arrays: Arrays,
    write: Callable[..., Path],
    chunks: tuple[int, ...],
    message_for: Callable[[Path], str],
) -> None:
    """A small file whose pieces unpack to gigabytes, alone or together, is refused."""
    path = write(arrays)
    with h5py.File(path, "a") as file:
        del file["X_test_8_faces"]
        shape, longer = (30_000, 48, 48, 3), (None, 48, 48, 3)
        file.create_dataset("X_test_8_faces", shape, "f8", chunks=chunks, maxshape=longer)

    assert "X_test_8_faces: found pieces (chunks) that need 1,582 MiB each" in message_for(path)


@pytest.mark.parametrize("chunks", [(5, 48, 48, 3), (1, 48, 48, 3), (12, 6, 12, 1)])
def test_compressed_chunks(
    arrays: Arrays, write: Callable[..., Path], chunks: tuple[int, ...]
) -> None:
    """Chunks of any layout give the same pictures."""
    path = write(arrays)
    with h5py.File(path, "a") as file:
        del file["X_train_8_faces"]
        packed = {"chunks": chunks, "compression": "gzip"}
        file.create_dataset("X_train_8_faces", data=arrays["x_train"], **packed)

    assert data.digest(arrays) == data.load(path).sha256


def test_truncated_hdf5(
    arrays: Arrays, write: Callable[..., Path], message_for: Callable[[Path], str]
) -> None:
    """A download that broke off is called damaged."""
    path = write(arrays)
    path.write_bytes(path.read_bytes()[:50_000])

    assert "the HDF5 file is damaged, incomplete" in message_for(path)
