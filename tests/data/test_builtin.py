"""The built-in set in its cache folder: drawn once, mended, shared by processes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from data import builtin
from data.builtin import cache_folder, load_invented
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


@pytest.mark.slow
def test_full_set(cache: Path) -> None:
    """The set as drawn has the promised numbers of pictures and a file below 20 MB."""
    dataset = load_invented()

    shapes = (dataset.x_train.shape, dataset.x_valid.shape, dataset.x_test.shape)
    assert ((2000, 48, 48, 3), (400, 48, 48, 3), (400, 48, 48, 3)) == shapes
    assert next(cache.iterdir()).stat().st_size < 20_000_000
