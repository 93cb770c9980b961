"""VGG Face lists: what is read from them, fetched by them, kept, and made of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import DataError
from data.fitness import all_pictures
from data.importing import Imported
from data.vgg import Access, Limits, Manners, Wanted, import_lists
from data.vgg.lists import PersonList, find_lists, read_list
from tests.data.picture_server import PictureServer

LIMITS = Limits(connect_seconds=1, read_seconds=0.5, total_seconds=1, max_bytes=100_000)
MANNERS = Manners(parallel=6, per_host=2, pauses_seconds=(0.1, 0.2), longest_wait_seconds=2)
BOX = "10.00 20.00 70.00 80.00 4.00 3.82 1"


@pytest.fixture
def server() -> Iterator[PictureServer]:
    """A server of pictures on this machine."""
    with PictureServer() as running:
        threading.Thread(target=running.serve_forever, args=(0.05,), daemon=True).start()
        yield running
        running.shutdown()


@pytest.fixture
def access(tmp_path: Path) -> Access:
    """Asks this machine, too, and keeps what comes."""
    return Access(tmp_path / "cache", MANNERS, LIMITS, allow_private=True)


@pytest.fixture
def write(tmp_path: Path, server: PictureServer) -> Callable[..., Path]:
    """Return a function that writes a list of these kinds of answer and gives the folder."""

    def write_list(name: str, kinds: list[str]) -> Path:
        folder = tmp_path / "vgg" / "files"
        folder.mkdir(parents=True, exist_ok=True)
        rows = [
            f"{index:08d} {server.address}/{kind}/{name}{index} {BOX}"
            for index, kind in enumerate(kinds, start=1)
        ]
        (folder / f"{name}.txt").write_text("\n".join(rows) + "\n")
        return tmp_path / "vgg"

    return write_list


@contextmanager
def stage(_title: str, _total: int) -> Iterator[Callable[[], None]]:
    """A step of the work that shows nothing."""
    yield lambda: None


def fetch(folder: Path, access: Access, wanted: Wanted | None = None) -> Imported:
    """The import of the lists in a folder."""
    return import_lists([folder], stage, wanted or Wanted(), access)


def reasons(imported: Imported) -> dict[str, str]:
    """Why which line gave no picture: `Ann_Lee.txt:3` by reason."""
    return {entry.source.split()[0]: entry.reason for entry in imported.skipped}


def test_pictures_of_two_lists(write: Callable[..., Path], access: Access) -> None:
    """Lists become a set with the persons' names, in the order of names."""
    write("Bo_Roe", ["good"] * 6)
    folder = write("Ann_Lee", ["good"] * 5 + ["lies", "moved"])

    imported = fetch(folder, access)

    assert ("Ann Lee", "Bo Roe") == imported.dataset.names
    assert (13, ()) == (len(all_pictures(imported.dataset)), imported.skipped)
    assert (90 * 120, 48) > imported.dataset.x_train.shape[1:3]


def test_bad_servers(write: Callable[..., Path], access: Access, server: PictureServer) -> None:
    """Every bad answer is counted with its reason; passing faults are mended by asking again."""
    write("Bo_Roe", ["good"] * 4)
    bad = ["404", "html", "loops", "to-file", "truncates", "floods", "drips", "500", "busy-long"]
    folder = write("Ann_Lee", [*bad, "busy", "breaks", "good", "good", "good"])

    imported = fetch(folder, access)

    found = reasons(imported)
    assert [f"Ann_Lee.txt:{line}" for line in range(1, len(bad) + 1)] == list(found)
    assert "answers 404 (Not Found)" == found["Ann_Lee.txt:1"]
    assert "is no picture but a web page or other text" == found["Ann_Lee.txt:2"]
    assert "answers 429 (Too Many Requests)" == found["Ann_Lee.txt:9"]
    assert (4 + 5) == len(all_pictures(imported.dataset))
    assert (3, 1) == (server.asked["/500/Ann_Lee8"], server.asked["/busy-long/Ann_Lee9"])
    assert (2, 2) == (server.asked["/busy/Ann_Lee10"], server.asked["/breaks/Ann_Lee11"])


def test_politeness(write: Callable[..., Path], access: Access, server: PictureServer) -> None:
    """A host is asked twice at the same time at most."""
    write("Bo_Roe", ["slow"] * 8)

    fetch(write("Ann_Lee", ["slow"] * 8), access)

    assert 2 == server.most_at_once


def test_going_on(write: Callable[..., Path], access: Access, server: PictureServer) -> None:
    """A second run asks neither for what was fetched nor for what is gone for good."""
    write("Bo_Roe", ["good"] * 4)
    folder = write("Ann_Lee", ["404", "html", "500", "good", "good", "good"])
    first = fetch(folder, access)
    server.asked.clear()

    second = fetch(folder, access)

    assert first.dataset.sha256 == second.dataset.sha256
    assert {"/500/Ann_Lee3"} == set(server.asked)
    assert reasons(first) == reasons(second)


def test_at_most_so_many_of_each(
    write: Callable[..., Path], access: Access, server: PictureServer
) -> None:
    """The first that give a picture are taken, and no more are asked for than needed."""
    write("Bo_Roe", ["good"] * 9)
    folder = write("Ann_Lee", ["404", "good", "html", "good", "good", "good", "good"])

    imported = fetch(folder, access, Wanted(per_person=3))

    assert 6 == len(all_pictures(imported.dataset))
    assert 3 + 5 == len(server.asked)
    assert {"Ann_Lee.txt:1", "Ann_Lee.txt:3"} == set(reasons(imported))


def test_choosing_persons(write: Callable[..., Path], access: Access) -> None:
    """Persons are chosen by number, most rows first, or by name."""
    for name, count in (("Ann_Lee", 4), ("Bo_Roe", 6), ("Cy_Poe", 5)):
        folder = write(name, ["good"] * count)

    by_number = fetch(folder, access, Wanted(persons="2"))
    by_name = fetch(folder, access, Wanted(persons="cy_poe,Ann Lee"))

    assert ("Bo Roe", "Cy Poe") == by_number.dataset.names
    assert ("Ann Lee", "Cy Poe") == by_name.dataset.names


def test_boxes(write: Callable[..., Path], access: Access) -> None:
    """Only the box is taken when asked for; a box beside the picture gives none."""
    write("Bo_Roe", ["good"] * 4)
    folder = write("Ann_Lee", ["good"] * 5)
    path = folder / "files" / "Ann_Lee.txt"
    lines = path.read_text().splitlines()
    lines[0] = lines[0].replace(BOX, "-40.00 -10.00 60.00 90.00 1.00 3.00 0")
    lines[1] = lines[1].replace(BOX, "500.00 500.00 600.00 600.00 1.00 3.00 0")
    path.write_text("\r\n".join(lines))

    whole, faces = fetch(folder, access), fetch(folder, access, Wanted(crop=True))

    assert (9, 8) == (len(all_pictures(whole.dataset)), len(all_pictures(faces.dataset)))
    assert "has less than 8 x 8 pixels in the box" == reasons(faces)["Ann_Lee.txt:2"]
    grey = [(picture[:4, :4] == 128).all() for picture in all_pictures(faces.dataset)]
    assert 1 == sum(grey)


def test_placeholders(write: Callable[..., Path], access: Access) -> None:
    """A picture that comes for several persons stands for a lost one and is left out."""
    write("Bo_Roe", ["good"] * 4 + ["placeholder"])
    folder = write("Ann_Lee", ["good"] * 4 + ["placeholder"] * 2)

    imported = fetch(folder, access)

    assert 8 == len(all_pictures(imported.dataset))
    assert {"Ann_Lee.txt:5", "Ann_Lee.txt:6", "Bo_Roe.txt:5"} == set(reasons(imported))


def test_private_addresses_are_not_asked(
    write: Callable[..., Path], access: Access, server: PictureServer
) -> None:
    """Unless it is told to, nothing on this machine is asked."""
    folder = write("Ann_Lee", ["good"] * 4)

    with pytest.raises(DataError, match=r"is not public .* and 3 more like that"):
        fetch(folder, replace(access, allow_private=False))

    assert {} == server.asked


def test_lost_host(write: Callable[..., Path], access: Access) -> None:
    """A host that does not exist is looked for a few times and not for each address."""
    folder = write("Bo_Roe", ["good"] * 4)
    rows = [f"{n:08d} http://nowhere.invalid/{n}.jpg {BOX}" for n in range(40)]
    (folder / "files" / "Ann_Lee.txt").write_text("\n".join(rows))
    write("Cy_Poe", ["good"] * 4)

    found = list(reasons(fetch(folder, access)).values())

    assert 3 <= found.count("has a host that is not found") <= 5
    assert found.count("has a host that could not be reached before") >= 35


def test_interrupted(write: Callable[..., Path], access: Access, server: PictureServer) -> None:
    """After an interruption the rest is fetched, and only the rest."""
    write("Bo_Roe", ["slow"] * 10)
    folder = write("Ann_Lee", ["slow"] * 10)

    @contextmanager
    def broken_off(_title: str, _total: int) -> Iterator[Callable[[], None]]:
        steps = iter(range(6))

        def advance() -> None:
            if next(steps, None) is None:
                raise RuntimeError("stopped")

        yield advance

    with pytest.raises(RuntimeError, match="stopped"):
        import_lists([folder], broken_off, Wanted(), access)
    imported = fetch(folder, access)

    assert 20 == len(all_pictures(imported.dataset))
    assert max(server.asked.values()) <= 2
    assert sum(server.asked.values()) <= 20 + MANNERS.parallel


ROWS = {
    "too few fields": ("00000001 http://a.example/b.jpg 1 2 3", "has 5 fields instead of 9"),
    "words": (f"00000001 http://a.example/b.jpg {BOX.replace('4.00', 'x')}", "other than numbers"),
    "NaN": (f"00000001 http://a.example/b.jpg {BOX.replace('4.00', 'nan')}", "other than numbers"),
    "no area": ("00000001 http://a.example/b.jpg 9 9 9 9 4.0 3.8 1", "a box without any area"),
}


@pytest.mark.parametrize("case", ROWS)
def test_broken_rows(tmp_path: Path, case: str) -> None:
    """A line that is no row is named by file and line; the others are read."""
    row, expected = ROWS[case]
    path = tmp_path / "Ann_Lee.txt"
    path.write_text(f"{row}\n\n00000002 http://a.example/c d.jpg {BOX}\n")

    rows, skipped = read_list(PersonList("Ann Lee", path))

    assert ["http://a.example/c%20d.jpg"] == [entry.url for entry in rows]
    assert "Ann_Lee.txt:1" == skipped[0].source
    assert expected in skipped[0].reason


@given(st.binary(max_size=400))
def test_any_bytes_as_a_list(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    """Whatever a list holds, each line is a row or is named."""
    path = tmp_path_factory.getbasetemp() / "Any_One.txt"
    path.write_bytes(content)

    rows, skipped = read_list(PersonList("Any One", path))

    assert all(np.isfinite([row.box.left, row.box.bottom]).all() for row in rows)
    assert all(entry.source.startswith("Any_One.txt:") for entry in skipped)


def test_where_lists_are_found(tmp_path: Path) -> None:
    """A file, a folder and the unpacked archive's folder all give their lists."""
    (tmp_path / "files").mkdir()
    path = tmp_path / "files" / "Ann_Lee.txt"
    path.write_text("")

    expected = [PersonList("Ann Lee", path)]
    assert expected == find_lists([tmp_path])
    assert expected == find_lists([tmp_path / "files"])
    assert expected == find_lists([path])


def test_no_lists(tmp_path: Path) -> None:
    """A folder without lists says what they look like."""
    with pytest.raises(DataError, match=r"files/First_Last.txt, one for each person"):
        find_lists([tmp_path])


def test_too_many_lists(tmp_path: Path, access: Access) -> None:
    """All 2,622 lists at once are not fetched unasked."""
    for number in range(101):
        (tmp_path / f"Person_{number}.txt").write_text(f"1 http://a.example/b.jpg {BOX}")

    with pytest.raises(DataError, match="such as --persons 8"):
        fetch(tmp_path, access)
