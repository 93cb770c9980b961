"""The built-in set in its cache folder: drawn once, mended, shared by processes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import data
from data import DataError, builtin
from data.builtin import cache_folder, draw_again, load_invented
from data.faces.generate import Counts

FEW = Counts(train=1, valid=1, test=1)
NAME = f"invented-faces-{builtin.DRAWING}-1-1-1.npz"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the cache folder of this test, which is not there yet."""
    monkeypatch.setenv("GRADER_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_drawn_once_then_read(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second use draws nothing."""
    first = load_invented(counts=FEW)
    monkeypatch.setattr(builtin, "_draw", lambda *_, **__: pytest.fail("drawn again"))

    second = load_invented(counts=FEW)

    assert first.sha256 == second.sha256
    assert [NAME] == [path.name for path in cache.iterdir()]


@pytest.mark.parametrize("content", [b"", b"no data", b"PK\x03\x04 and nothing more"])
def test_damaged_cache_is_drawn_again(
    cache: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    """A damaged file is told of and replaced."""
    first = load_invented(counts=FEW)
    (cache / NAME).write_bytes(content)

    second = load_invented(counts=FEW)

    assert first.sha256 == second.sha256
    assert "Drawing it again." in capsys.readouterr().err
    assert first.sha256 == load_invented(counts=FEW).sha256
    assert "" == capsys.readouterr().err


def test_plain_line_without_a_terminal(cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In a log file there is one line and no bar, on standard error."""
    load_invented(counts=FEW)

    out, err = capsys.readouterr()
    assert "" == out
    assert ["Drawing 24 invented faces, this once"] == [
        line.split(" (")[0] for line in err.splitlines()
    ]
    assert str(cache) in err


@pytest.mark.usefixtures("cache")
def test_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    """Without progress nothing is written."""
    load_invented(counts=FEW, progress=False)

    assert ("", "") == tuple(capsys.readouterr())


def test_cache_that_cannot_be_written(cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The set is there all the same, and a sentence says that it was not kept."""
    cache.write_text("a file in place of the folder")

    dataset = load_invented(counts=FEW, progress=False)

    assert 8 == len(dataset.x_test)
    assert "could not be kept" in capsys.readouterr().err


def test_two_processes_at_once(cache: Path) -> None:
    """Two first uses at the same time both get the whole set."""
    code = (
        "from data.builtin import load_invented; from data.faces.generate import Counts; "
        "print(load_invented(counts=Counts(1, 1, 1)).sha256)"
    )
    command = [sys.executable, "-c", code]

    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    digests = [process.communicate(timeout=120)[0].strip() for process in both]

    assert [load_invented(counts=FEW).sha256] * 2 == digests
    assert [NAME] == [path.name for path in cache.iterdir()]


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


def test_shipped_set_is_taken(cache: Path, shipped: Path) -> None:
    """The file that ships is used, and nothing is drawn or kept."""
    assert shipped.exists()
    assert "shipped" == load_invented().name
    assert not cache.exists()


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


@pytest.mark.slow
@pytest.mark.usefixtures("cache")
def test_drawn_again() -> None:
    """Drawing again gives the built-in set, bit for bit."""
    assert load_invented().sha256 == draw_again(progress=False).sha256


@pytest.mark.slow
def test_full_set(cache: Path) -> None:
    """The set as drawn has the promised numbers of pictures and a file below 20 MB."""
    dataset = load_invented()

    shapes = (dataset.x_train.shape, dataset.x_valid.shape, dataset.x_test.shape)
    assert ((2000, 48, 48, 3), (400, 48, 48, 3), (400, 48, 48, 3)) == shapes
    assert next(cache.iterdir()).stat().st_size < 20_000_000
