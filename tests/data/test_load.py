"""Loading: which source is taken, and what is said about a wrong one."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest

import data
from data import DataError, DataSet
from data.course_file import KEYS
from data.dataset import ARRAYS

Arrays = dict[str, np.ndarray]


@pytest.fixture
def arrays() -> Arrays:
    """Four pictures for each of three persons in training, one in the other splits."""
    rng = np.random.default_rng(1)
    content: Arrays = {}
    for split, rounds in (("train", 4), ("valid", 1), ("test", 1)):
        content[f"x_{split}"] = rng.integers(0, 256, (3 * rounds, 48, 48, 3)).astype(np.float64)
        content[f"y_{split}"] = np.tile(np.arange(3), rounds)
    return content


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes arrays as the course's HDF5."""

    def write_hdf5(content: Arrays, name: str = "course.hdf5") -> Path:
        with h5py.File(tmp_path / name, "w") as file:
            for key, values in content.items():
                file[KEYS[key]] = values
        return tmp_path / name

    return write_hdf5


def message_for(path: Path) -> str:
    """Return what is said of the file."""
    with pytest.raises(DataError) as caught:
        data.load(path)
    return str(caught.value)


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


def test_arrays_are_read_only(arrays: Arrays, write: Callable[..., Path]) -> None:
    """What was loaded cannot be changed by accident."""
    dataset = data.load(write(arrays))

    with pytest.raises(ValueError, match="read-only"):
        dataset.x_test[0] = 0
    assert not any(getattr(dataset, key).flags.writeable for key in ARRAYS)


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


def test_half_without_the_other(arrays: Arrays, write: Callable[..., Path]) -> None:
    """A single half says which keys are missing and where they were looked for."""
    message = message_for(write(halves(arrays)[0]))

    assert "X_test_8_faces, Y_test_8_faces are not in this file" in message
    assert "beside it there is no HDF5 file with them" in message


def test_half_with_two_others(arrays: Arrays, write: Callable[..., Path]) -> None:
    """When two files could be the other half, both are named."""
    train_and_valid, test = halves(arrays)
    write(test, "a.hdf5")
    write(test, "b.hdf5")

    assert "several files with them: a.hdf5, b.hdf5" in message_for(write(train_and_valid))


def test_folder_without_files(tmp_path: Path) -> None:
    """A folder that holds no such file says so."""
    assert "in this folder there is no HDF5 file" in message_for(tmp_path)


def test_fractions_are_rounded(arrays: Arrays, write: Callable[..., Path]) -> None:
    """A pixel of 7.6 becomes 8."""
    arrays["x_train"][0, 0, 0] = 7.6

    assert [8, 8, 8] == data.load(write(arrays)).x_train[0, 0, 0].tolist()


def test_digest_is_of_the_content_only(
    arrays: Arrays, write: Callable[..., Path], tmp_path: Path
) -> None:
    """The same pictures have the same digest as HDF5 and as .npz; one other pixel changes it."""
    dataset = data.load(write(arrays))
    data.write_own_file(dataset, tmp_path / "own.npz")
    arrays["x_test"][2, 47, 47, 2] = (arrays["x_test"][2, 47, 47, 2] + 1) % 256

    assert dataset.sha256 == data.load(tmp_path / "own.npz").sha256
    assert dataset.sha256 != data.load(write(arrays)).sha256


def test_digest_is_as_documented(arrays: Arrays) -> None:
    """The digest covers what its docstring says, so that anyone can compute it."""
    sha256 = hashlib.sha256()
    for key, count in (("train", 12), ("valid", 3), ("test", 3)):
        sha256.update(b"x_%s uint8 %d,48,48,3\n" % (key.encode(), count))
        sha256.update(arrays[f"x_{key}"].astype("u1").tobytes())
        sha256.update(b"y_%s int64 %d\n" % (key.encode(), count))
        sha256.update(arrays[f"y_{key}"].astype("<i8").tobytes())

    assert sha256.hexdigest() == data.digest(arrays)


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
def test_wrong_content(arrays: Arrays, write: Callable[..., Path], case: str) -> None:
    """What was found and what was expected is said of every kind of wrong content."""
    edit, expected = WRONG[case]

    message = message_for(write(edit(arrays)))

    assert expected in message
    assert "xpected" in message


def test_other_keys(tmp_path: Path) -> None:
    """An HDF5 file of something else says which keys it has and which it should have."""
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file["images"] = [1]

    message = message_for(tmp_path / "other.h5")

    assert "found the keys images" in message
    assert "X_train_8_faces" in message


def test_group_in_place_of_an_array(arrays: Arrays, write: Callable[..., Path]) -> None:
    """A group under a known key is named as such."""
    path = write(arrays)
    with h5py.File(path, "a") as file:
        del file["Y_test_8_faces"]
        file.create_group("Y_test_8_faces")

    assert "Y_test_8_faces: found a group" in message_for(path)


@pytest.mark.parametrize("kind", ["soft", "external", "virtual", "raw"])
def test_links_are_not_followed(
    arrays: Arrays, write: Callable[..., Path], tmp_path: Path, kind: str
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


def test_huge_declared_shape(arrays: Arrays, write: Callable[..., Path]) -> None:
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
def test_huge_chunks(arrays: Arrays, write: Callable[..., Path], chunks: tuple[int, ...]) -> None:
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


def test_truncated_hdf5(arrays: Arrays, write: Callable[..., Path]) -> None:
    """A download that broke off is called damaged."""
    path = write(arrays)
    path.write_bytes(path.read_bytes()[:50_000])

    assert "the HDF5 file is damaged, incomplete" in message_for(path)


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (b"", "the file is empty"),
        (b"\n<!DOCTYPE html><p>Log in", "looks like a web page"),
        (b"\x1f\x8b\x08rest", "is packed with gzip"),
        (b"\x89PNG\r\n\x1a\n", "is a single picture"),
        (b"\x93NUMPY\x01\x00", "is a single array"),
        (b"\x80\x04\x95", "looks like a pickle"),
        (b"id,url\n1,2", "starts with b'id,url"),
    ],
)
def test_other_kinds_of_file(tmp_path: Path, start: bytes, expected: str) -> None:
    """A file is known by its first bytes, whatever its name says."""
    path = tmp_path / "Data_8_faces_no_cut.hdf5"
    path.write_bytes(start)

    message = message_for(path)

    assert expected in message
    assert "Expected the course's HDF5 file" in message


def test_no_such_file(tmp_path: Path) -> None:
    """A path that leads nowhere is repeated."""
    message = message_for(tmp_path / "nowhere.hdf5")

    assert f"{tmp_path / 'nowhere.hdf5'}: there is no such file" in message


def test_environment_variable_chooses(
    arrays: Arrays, write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a path GRADER_DATA is taken."""
    monkeypatch.setenv("GRADER_DATA", str(write(arrays)))

    assert data.digest(arrays) == data.load().sha256


def test_path_beats_environment_variable(
    arrays: Arrays, write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A path that is given wins over GRADER_DATA."""
    monkeypatch.setenv("GRADER_DATA", "/nowhere")

    assert data.digest(arrays) == data.load(str(write(arrays))).sha256


def test_wrong_environment_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who did not give a path learns where it came from."""
    monkeypatch.setenv("GRADER_DATA", "/nowhere")

    with pytest.raises(DataError, match="environment variable GRADER_DATA chose it"):
        data.load()


def test_import_is_light() -> None:
    """Importing `data` brings neither Keras nor h5py nor Pillow nor matplotlib."""
    code = "import sys, data; print(*sorted({m.split('.')[0] for m in sys.modules}))"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    heavy = {"keras", "tensorflow", "h5py", "PIL", "matplotlib", "rich"}
    assert set() == heavy & set(done.stdout.split())


def test_dataset_fields(arrays: Arrays) -> None:
    """A data set is made of checked arrays, names and a name, and knows its digest."""
    arrays = {k: v.astype(np.uint8) if k[0] == "x" else v for k, v in arrays.items()}

    dataset = data.make_dataset(arrays, names=["a", "b", "c"], name="tiny")

    assert isinstance(dataset, DataSet)
    assert (("a", "b", "c"), "tiny", 64) == (dataset.names, dataset.name, len(dataset.sha256))
