"""Files that parts bring: `.npz` and HDF5, with labels or numbers, and what is refused."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import h5py
import numpy as np
import pytest

import data
from data import DataError, part_file

Arrays = dict[str, np.ndarray]


def small() -> Arrays:
    """Sequences of four steps in two channels, and one of three labels for each."""
    rng = np.random.default_rng(1)
    arrays: Arrays = {}
    for split, count in (("train", 6), ("valid", 3), ("test", 3)):
        arrays[f"x_{split}"] = rng.normal(size=(count, 4, 2))
        arrays[f"y_{split}"] = np.arange(count) % 3
    return arrays


def saved(path: Path, arrays: Mapping[str, np.ndarray]) -> Path:
    """The arrays in a file of the kind that its name says."""
    if path.suffix == ".npz":
        np.savez_compressed(path, allow_pickle=True, **arrays)
        return path
    with h5py.File(path, "w") as file:
        for key, values in arrays.items():
            file[key] = values
    return path


@pytest.mark.parametrize("name", ["small.npz", "small.h5"])
def test_both_kinds_give_the_same_numbers(tmp_path: Path, name: str) -> None:
    """Examples become float32, labels int64, and the digest is that of the file."""
    arrays = small()
    path = saved(tmp_path / name, arrays)

    found, outline = data.read_part_file(path), data.read_outline(path)

    np.testing.assert_array_equal(arrays["x_test"].astype(np.float32), found.x_test)
    assert arrays["y_test"].tolist() == found.y_test.tolist()
    assert ("float32", "int64") == (found.x_train.dtype.name, found.y_train.dtype.name)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == found.sha256 == outline.sha256
    assert ((4, 2), (), True) == (outline.example_shape, outline.target_shape, outline.has_labels)
    assert name == found.name


@pytest.mark.parametrize("name", ["small.npz", "small.h5"])
def test_classes_may_have_names(tmp_path: Path, name: str) -> None:
    """They stand in an array of text, in either kind of file."""
    texts = np.array(["up", "down", "flat"])
    as_stored = texts if name.endswith("npz") else texts.astype(h5py.string_dtype())
    path = saved(tmp_path / name, small() | {"names": as_stored})

    assert (
        ("up", "down", "flat") == data.read_part_file(path).names == data.read_outline(path).names
    )


def test_numbers_may_be_told(tmp_path: Path) -> None:
    """Targets that are no whole numbers stay numbers, several of them in their shape."""
    arrays = small()
    arrays |= {f"y_{split}": arrays[f"x_{split}"][:, 0] for split in ("train", "valid", "test")}
    found = data.read_part_file(saved(tmp_path / "numbers.npz", arrays))

    assert ((6, 2), "float32") == (found.y_train.shape, found.y_train.dtype.name)
    assert not data.read_outline(tmp_path / "numbers.npz").has_labels


OBJECTS = np.array([{"a": 1}] * 6, dtype=object)
FAULTS: Mapping[str, tuple[Arrays, str]] = {
    "object arrays": ({"x_train": OBJECTS}, "array x_train: found pickled Python objects"),
    "text": ({"x_valid": np.full((3, 4, 2), "a")}, "x_valid: found values of type <U1. Expected n"),
    "other shape": (
        {"x_test": np.zeros((3, 2, 4))},
        "array x_test: found shape (3, 2, 4) and type",
    ),
    "other type": ({"y_test": np.zeros(3)}, "array y_test: found shape (3,) and type float64, but"),
    "lengths": ({"y_valid": np.arange(2)}, "y_valid: found 2 rows for the 3 examples of"),
    "no examples": ({"x_train": np.zeros(6)}, "Expected examples of shape (n, ...), n at least 1"),
    "empty": (
        {"x_test": np.zeros((0, 4, 2))},
        "array x_test: found shape (0, 4, 2). Expected exam",
    ),
    "names": (
        {"names": np.arange(3)},
        "array names: found type int64 and shape (3,). Expected text",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_does_not_fit_is_named_before_it_is_read(tmp_path: Path, fault: str) -> None:
    """The array, what was found and what was expected; the outline tells it already."""
    changed, told = FAULTS[fault]
    path = saved(tmp_path / "set.npz", small() | changed)

    for read in (data.read_outline, data.read_part_file):
        with pytest.raises(DataError) as caught:
            read(path)
        assert told in str(caught.value)
        assert str(path) in str(caught.value)


def with_value(value: float) -> np.ndarray:
    """Training examples, one of which has this value."""
    values = small()["x_train"]
    values[2, 1, 0] = value
    return values


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"x_train": with_value(np.nan)}, "x_train: found 1 values that are no finite numbers"),
        ({"x_train": with_value(1e300)}, "x_train: found 1 values that are no finite numbers"),
        ({"y_train": np.full(6, np.inf)}, "array y_train: found 6 values that are no finite"),
        (
            {"x_train": np.full((6, 4, 2), 2**24 + 1)},
            "found whole numbers from 16777217 to 16777217. Networks compute in float32",
        ),
    ],
    ids=["nan", "too large", "infinite target", "id too large"],
)
def test_numbers_that_cannot_be_trained_on_are_refused(
    tmp_path: Path, changed: Arrays, told: str
) -> None:
    """The array is named, and how many of its numbers are meant."""
    arrays = small() | changed
    if "y_train" in changed:
        arrays |= {"y_valid": np.zeros(3), "y_test": np.zeros(3)}
    path = saved(tmp_path / "set.npz", arrays)

    with pytest.raises(DataError) as caught:
        data.read_part_file(path)
    assert told in str(caught.value)


def test_missing_arrays_are_named(tmp_path: Path) -> None:
    """So is what is there in their place."""
    arrays = small()
    arrays["X_train"] = arrays.pop("x_train")

    with pytest.raises(DataError, match=r"not found: x_train\. Expected a \.npz or HDF5 file with"):
        data.read_outline(saved(tmp_path / "set.npz", arrays))


def test_too_large_a_set_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By what the headers say, and by the size of the file, before anything is read."""
    path = saved(tmp_path / "set.npz", small())

    monkeypatch.setattr(part_file, "MAX_NUMBERS", 100)
    with pytest.raises(DataError, match=r"found 108 numbers in all\. Expected at most 100"):
        data.read_outline(path)
    monkeypatch.setattr(part_file, "MAX_FILE_BYTES", 100)
    with pytest.raises(DataError, match=r"Expected at most 0 MiB\. Make a smaller set"):
        data.read_outline(path)


@pytest.mark.parametrize(
    "content", [b"", b"x,y\n1,2\n", b"PK\x03\x04broken", b"\x89HDF\r\n\x1a\nbr"]
)
def test_other_and_broken_files_are_refused(tmp_path: Path, content: bytes) -> None:
    """They are called damaged, or neither of the two kinds."""
    path = tmp_path / "set.npz"
    path.write_bytes(content)

    with pytest.raises(DataError, match=r"found neither \.npz nor HDF5|damaged or incomplete"):
        data.read_outline(path)


def test_a_link_to_another_file_is_not_followed(tmp_path: Path) -> None:
    """HDF5 may name arrays of any file of the machine."""
    other = saved(tmp_path / "other.h5", small())
    path = tmp_path / "set.h5"
    with h5py.File(path, "w") as file:
        for key in small():
            file[key] = h5py.ExternalLink(str(other), key)

    with pytest.raises(DataError, match="array x_train: found a link to another file"):
        data.read_outline(path)
