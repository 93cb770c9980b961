"""Data files of foreign origin: whatever their bytes, a data set or a sentence comes out."""

from __future__ import annotations

import contextlib
import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import data
from data import DataError
from data.course_file import KEYS
from data.dataset import ARRAYS
from data.own_file import write_own_file

SIDE = 8


def small_set() -> data.DataSet:
    """Two persons, two pictures each in every split."""
    rng = np.random.default_rng(1)
    arrays = {}
    for split in ("train", "valid", "test"):
        arrays[f"x_{split}"] = rng.integers(0, 256, (4, SIDE, SIDE, 3)).astype(np.uint8)
        arrays[f"y_{split}"] = np.array([0, 1, 1, 0])
    return data.make_dataset(arrays, names=("a", "b"), name="small")


def own_bytes(folder: Path) -> bytes:
    """A small set as the project's own file."""
    write_own_file(small_set(), folder / "small.npz")
    return (folder / "small.npz").read_bytes()


def course_bytes(folder: Path) -> bytes:
    """A small set as the course's HDF5."""
    with h5py.File(folder / "small.hdf5", "w") as file:
        for key in ARRAYS:
            file.create_dataset(KEYS[key], data=getattr(small_set(), key), chunks=True)
    return (folder / "small.hdf5").read_bytes()


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """An unharmed file of either kind."""
    folder = tmp_path_factory.mktemp("originals")
    return {"own": own_bytes(folder), "course": course_bytes(folder)}


changes = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=12)


def damage(content: bytes, places: list[tuple[int, int]], cut: int) -> bytes:
    """The content with some bytes changed and its end cut off."""
    damaged = bytearray(content)
    for place, value in places:
        damaged[place % len(damaged)] = value
    return bytes(damaged[: len(damaged) - cut % len(damaged)])


@given(places=changes, cut=st.integers(0, 200))
def test_damaged_own_file(
    originals: dict[str, bytes],
    tmp_path_factory: pytest.TempPathFactory,
    places: list[tuple[int, int]],
    cut: int,
) -> None:
    """A damaged .npz gives the unharmed content or a sentence, never something else."""
    path = tmp_path_factory.getbasetemp() / "damaged.npz"
    path.write_bytes(damage(originals["own"], places, cut))

    with contextlib.suppress(DataError):
        assert small_set().sha256 == data.load(path).sha256


@given(header=st.binary(max_size=300), version=st.sampled_from([b"\1\0", b"\2\0", b"\3\0"]))
def test_any_header(
    originals: dict[str, bytes],
    tmp_path_factory: pytest.TempPathFactory,
    header: bytes,
    version: bytes,
) -> None:
    """Whatever an array's header says, it is read or refused."""
    path = tmp_path_factory.getbasetemp() / "header.npz"
    size = len(header).to_bytes(2 if version == b"\1\0" else 4, "little")
    replace_member(originals["own"], path, "x_train.npy", b"\x93NUMPY" + version + size + header)

    with pytest.raises(DataError):
        data.load(path)


HEADERS = {
    "nested": "(" * 5000,
    "negative": "{'descr': '|u1', 'fortran_order': False, 'shape': (-4, 8, 8, 3)}",
    "huge": "{'descr': '|u1', 'fortran_order': False, 'shape': (99999999999999999999, 8, 8, 3)}",
    "many axes": f"{{'descr': '|u1', 'fortran_order': False, 'shape': {(1,) * 100}}}",
    "object": "{'descr': '|O', 'fortran_order': False, 'shape': (4, 8, 8, 3)}",
    "record": "{'descr': [('a', '|O')], 'fortran_order': False, 'shape': (4, 8, 8, 3)}",
    "text": "{'descr': '<U99999999', 'fortran_order': False, 'shape': (4, 8, 8, 3)}",
    "no number": "{'descr': '|u1', 'fortran_order': False, 'shape': (True, 8, 8, 3)}",
    "code": "__import__('os').mkdir('made')",
}


@pytest.mark.parametrize("case", HEADERS)
def test_hostile_headers(
    originals: dict[str, bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    case: str,
    message_for: Callable[[Path], str],
) -> None:
    """Headers that nest, overflow or name objects and code are refused."""
    monkeypatch.chdir(tmp_path)
    text = HEADERS[case].encode()
    head = b"\x93NUMPY\1\0" + len(text).to_bytes(2, "little") + text
    replace_member(originals["own"], tmp_path / "x.npz", "x_train.npy", head + bytes(768))

    assert "x.npz" in message_for(tmp_path / "x.npz")
    assert ["x.npz"] == [path.name for path in tmp_path.iterdir()]


def replace_member(content: bytes, path: Path, name: str, member: bytes) -> None:
    """Write the zip file `content` to `path` with one member replaced."""
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for info in old.infolist():
            new.writestr(info.filename, member if info.filename == name else old.read(info))


def test_bomb(
    originals: dict[str, bytes], tmp_path: Path, message_for: Callable[[Path], str]
) -> None:
    """A small file that unpacks to hundreds of megabytes is refused before it does."""
    path = tmp_path / "bomb.npz"
    replace_member(originals["own"], path, "x_train.npy", bytes(200 * 2**20))

    assert path.stat().st_size < 2**20
    assert "array x_train: found 200 MiB, packed into 0.2 MiB" in message_for(path)


def test_wider_numbers_count(
    originals: dict[str, bytes], tmp_path: Path, message_for: Callable[[Path], str]
) -> None:
    """The limit is one of bytes, not of numbers: a member says how long it is, and is believed."""
    path = tmp_path / "wide.npz"
    replace_member(originals["own"], path, "x_train.npy", b"\x93NUMPY")
    content = bytearray(path.read_bytes())
    entry = content.rindex(b"x_train.npy") - 46
    content[entry + 24 : entry + 28] = (3 * 2**30).to_bytes(4, "little")
    path.write_bytes(content)

    assert "array x_train: found 3,072 MiB" in message_for(path)


PROGRAM = """
import sys
from pathlib import Path
import data
for name in sys.argv[1:]:
    try:
        data.load(name)
        print("read")
    except data.DataError:
        print("refused")
"""


@pytest.mark.slow
def test_damaged_course_files(originals: dict[str, bytes], tmp_path: Path) -> None:
    """Damaged HDF5 files are read or refused, and bring neither program nor library down."""
    rng = np.random.default_rng(7)
    names = []
    for number in range(300):
        places = [(int(p), int(v)) for p, v in rng.integers(0, [10**6, 256], (8, 2))]
        names.append(str(tmp_path / f"{number}.hdf5"))
        cut = int(rng.integers(0, 2)) * int(rng.integers(0, 3000))
        Path(names[-1]).write_bytes(damage(originals["course"], places, cut))

    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *names], capture_output=True, text=True, check=False
    )

    assert (0, "") == (done.returncode, done.stderr[-2000:])
    assert 300 == len(done.stdout.split())
