"""A small set of random pictures, as arrays and as the course's file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest

import data
from data import DataError
from data.course_file import KEYS

Arrays = dict[str, np.ndarray]


@pytest.fixture
def message_for() -> Callable[[Path], str]:
    """Return a function that gives what is said of a file that cannot be used."""

    def load_in_vain(path: Path) -> str:
        with pytest.raises(DataError) as caught:
            data.load(path)
        return str(caught.value)

    return load_in_vain


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
