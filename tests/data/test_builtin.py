"""The built-in set as it ships: digest, damage, drawn again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import data
from data import DataError, builtin
from data.builtin import cache_folder, load_invented


def test_user_cache_folder_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without GRADER_CACHE the folder is the user's own."""
    monkeypatch.delenv("GRADER_CACHE", raising=False)

    assert "eight-faces-grader" in str(cache_folder())


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a file that stands for the one that ships, with its digest known."""
    rng = np.random.default_rng(1)
    arrays: dict[str, np.ndarray] = {}
    for split in ("train", "valid", "test"):
        arrays[f"x_{split}"] = rng.integers(0, 256, (2, 48, 48, 3)).astype(np.uint8)
        arrays[f"y_{split}"] = np.arange(2)
    dataset = data.make_dataset(arrays, names=("a", "b"), name="shipped")
    data.write_own_file(dataset, tmp_path / "shipped.npz")
    monkeypatch.setattr(builtin, "SHIPPED", tmp_path / "shipped.npz")
    monkeypatch.setattr(builtin, "SHIPPED_SHA256", dataset.sha256)
    return tmp_path / "shipped.npz"


def test_shipped_set_changed(shipped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another file in the place of the one that ships is refused, though it is sound in itself."""
    monkeypatch.setattr(builtin, "SHIPPED_SHA256", "0" * 64)

    with pytest.raises(DataError, match=r"expected 000000000000.*install the grader again"):
        load_invented()
    assert shipped.exists()


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 and nothing more"])
def test_shipped_set_damaged(shipped: Path, content: bytes | None) -> None:
    """A damaged or missing file is told of, with what to do, and not replaced in silence."""
    shipped.unlink()
    if content is not None:
        shipped.write_bytes(content)

    with pytest.raises(DataError, match="built-in set"):
        load_invented()


def test_full_set() -> None:
    """The set has the promised numbers of pictures, and its file is below 20 MB."""
    dataset = load_invented()

    shapes = (dataset.x_train.shape, dataset.x_valid.shape, dataset.x_test.shape)
    assert ((2000, 48, 48, 3), (400, 48, 48, 3), (400, 48, 48, 3)) == shapes
    assert builtin.SHIPPED.stat().st_size < 20_000_000
