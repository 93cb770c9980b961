"""Loading: which source is taken, and what is said about a wrong one."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import data
from data import DataError, DataSet
from data.dataset import ARRAYS

Arrays = dict[str, np.ndarray]


def test_arrays_are_read_only(arrays: Arrays, write: Callable[..., Path]) -> None:
    """What was loaded cannot be changed by accident."""
    dataset = data.load(write(arrays))

    with pytest.raises(ValueError, match="read-only"):
        dataset.x_test[0] = 0
    assert not any(getattr(dataset, key).flags.writeable for key in ARRAYS)


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
def test_other_kinds_of_file(
    tmp_path: Path, start: bytes, expected: str, message_for: Callable[[Path], str]
) -> None:
    """A file is known by its first bytes, whatever its name says."""
    path = tmp_path / "Data_8_faces_no_cut.hdf5"
    path.write_bytes(start)

    message = message_for(path)

    assert expected in message
    assert "Expected the course's HDF5 file" in message


def test_no_such_file(tmp_path: Path, message_for: Callable[[Path], str]) -> None:
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
