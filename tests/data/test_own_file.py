"""The project's own .npz: what is written is read, and nothing else is."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import data
from data import DataSet
from data.dataset import ARRAYS


class Bomb:
    """Leaves a mark when it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (os.mkdir, ("unpickled",))


@pytest.fixture
def dataset() -> DataSet:
    """Four pictures in each split, of two persons."""
    rng = np.random.default_rng(1)
    arrays = {}
    for split in ("train", "valid", "test"):
        arrays[f"x_{split}"] = rng.integers(0, 256, (4, 48, 48, 3)).astype(np.uint8)
        arrays[f"y_{split}"] = np.array([0, 1, 1, 0])
    return data.make_dataset(arrays, names=("Zoë", "Li"), name="two persons")


def content_of(dataset: DataSet) -> dict[str, Any]:
    """Return the arrays of format 1, by name."""
    arrays = {key: getattr(dataset, key) for key in ARRAYS}
    texts = {"name": dataset.name, "names": np.array(dataset.names), "sha256": dataset.sha256}
    return arrays | texts | {"format": 1}


def test_what_is_written_is_read(dataset: DataSet, tmp_path: Path) -> None:
    """Pictures, labels, names and digest come back as they were."""
    data.write_own_file(dataset, tmp_path / "set.npz")

    again = data.load(tmp_path / "set.npz")

    assert (dataset.names, dataset.name, dataset.sha256) == (again.names, again.name, again.sha256)
    assert all((getattr(dataset, key) == getattr(again, key)).all() for key in ARRAYS)
    assert ["set.npz"] == [path.name for path in tmp_path.iterdir()]


def test_plain_savez_is_read(dataset: DataSet, tmp_path: Path) -> None:
    """The documented arrays are enough, whoever wrote them."""
    np.savez(tmp_path / "set.npz", **content_of(dataset))

    assert dataset.sha256 == data.load(tmp_path / "set.npz").sha256


@pytest.mark.parametrize("key", ["x_train", "y_test", "names", "name"])
def test_pickled_objects_are_refused(
    dataset: DataSet,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    key: str,
    message_for: Callable[[Path], str],
) -> None:
    """A pickle inside of the file is never opened."""
    monkeypatch.chdir(tmp_path)
    bombs = np.array([Bomb()] * 4, dtype=object)
    np.savez(tmp_path / "set.npz", **content_of(dataset) | {key: bombs})

    message = message_for(tmp_path / "set.npz")

    assert f"array {key}: found pickled Python objects" in message
    assert ["set.npz"] == [path.name for path in tmp_path.iterdir()]


WRONG = {
    "format": (2, "found format 2, expected 1"),
    "sha256": ("0" * 64, "expected 000000000000, which the file states"),
    "names": (np.array(["a", "b\x1b[2J"]), "found names that cannot be shown"),
    "name": ("x" * 300, "array name: found type <U300"),
    "x_valid": (np.zeros((4, 48, 48), np.uint8), "array x_valid: found shape (4, 48, 48)"),
    "y_valid": (np.array([0, 1, 2, 0]), "array y_valid: found labels from 0 to 2. Expected 0 to 1"),
}


@pytest.mark.parametrize("key", WRONG)
def test_wrong_content(
    dataset: DataSet, tmp_path: Path, key: str, message_for: Callable[[Path], str]
) -> None:
    """Each wrong array is named with what was found in it."""
    value, expected = WRONG[key]
    np.savez(tmp_path / "set.npz", **content_of(dataset) | {key: value})

    assert expected in message_for(tmp_path / "set.npz")


def test_missing_arrays_are_named(
    dataset: DataSet, tmp_path: Path, message_for: Callable[[Path], str]
) -> None:
    """An .npz of something else says what it has and what it lacks."""
    np.savez(tmp_path / "set.npz", images=dataset.x_train)

    message = message_for(tmp_path / "set.npz")

    assert "found images; not found: format, name, names, sha256, x_train" in message


def test_array_shorter_than_declared(
    dataset: DataSet, tmp_path: Path, message_for: Callable[[Path], str]
) -> None:
    """A header that promises terabytes is compared with the file's length at once."""
    path = tmp_path / "set.npz"
    np.savez(path, **{k: v for k, v in content_of(dataset).items() if k != "x_train"})
    with zipfile.ZipFile(path, "a") as archive, archive.open("x_train.npy", "w") as member:
        header = {"descr": "|u1", "fortran_order": False, "shape": (10**9, 48, 48, 3)}
        np.lib.format.write_array_header_1_0(member, header)

    assert "array x_train: found 0 bytes, expected 6,912,000,000,000" in message_for(path)


@pytest.mark.parametrize("keep", [10, 3_000, 40_000])
def test_truncated_file(
    dataset: DataSet, tmp_path: Path, keep: int, message_for: Callable[[Path], str]
) -> None:
    """A file that was cut is called damaged."""
    path = tmp_path / "set.npz"
    data.write_own_file(dataset, path)
    path.write_bytes(path.read_bytes()[:keep])

    assert "the file is damaged or incomplete" in message_for(path)


def test_flipped_byte(dataset: DataSet, tmp_path: Path, message_for: Callable[[Path], str]) -> None:
    """One wrong byte in the middle is noticed."""
    path = tmp_path / "set.npz"
    data.write_own_file(dataset, path)
    content = bytearray(path.read_bytes())
    content[20_000] ^= 255
    path.write_bytes(content)

    assert "damaged" in message_for(path)


def test_failed_write_leaves_the_old_file(dataset: DataSet, tmp_path: Path) -> None:
    """A write that breaks off neither harms the file that was there nor leaves a half one."""
    path = tmp_path / "set.npz"
    data.write_own_file(dataset, path)
    broken = data.make_dataset(content_of(dataset), names=[object()], name="broken")  # type: ignore[list-item] # the fault

    with pytest.raises(ValueError, match=r"[Oo]bject"):
        data.write_own_file(broken, path)

    assert dataset.sha256 == data.load(path).sha256
    assert ["set.npz"] == [file.name for file in tmp_path.iterdir()]
