"""A folder of photographs becomes a data set: whose pictures, which split, what is left out."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import data
from data import DataError
from data.duplicates import groups, look_alikes
from data.fitness import all_pictures, all_splits
from data.importing import Imported, import_folder, write_report


@contextmanager
def stage(_title: str, _total: int) -> Iterator[Callable[[], None]]:
    """A step of the work that shows nothing."""
    yield lambda: None


def noise(seed: int, size: tuple[int, int] = (92, 112)) -> Image.Image:
    """A picture of coarse grey noise, like no other."""
    values = np.random.default_rng(seed).integers(0, 256, (8, 8)).astype(np.uint8)
    return Image.fromarray(values).resize(size, Image.Resampling.BICUBIC)


@pytest.fixture
def orl(tmp_path: Path) -> Path:
    """Twelve persons, ten grey PGM files of 92 x 112 each, as the ORL faces have them."""
    for person in range(1, 13):
        folder = tmp_path / "orl" / f"s{person}"
        folder.mkdir(parents=True)
        for index in range(1, 11):
            noise(100 * person + index).save(folder / f"{index}.pgm")
    return tmp_path / "orl"


def reasons(imported: Imported) -> dict[str, str]:
    """Why what was left out."""
    return {entry.source: entry.reason for entry in imported.skipped}


def test_grey_pgm_files(orl: Path) -> None:
    """Persons come in natural order, each with all its pictures in course's shares."""
    imported = import_folder(orl, stage)

    dataset = imported.dataset
    assert tuple(f"s{number}" for number in range(1, 13)) == dataset.names
    assert (96, 12, 12) == (len(dataset.y_train), len(dataset.y_valid), len(dataset.y_test))
    assert ("orl", (), ()) == (dataset.name, imported.skipped, imported.look_alikes)


def test_shares_of_the_course(tmp_path: Path) -> None:
    """Of 70 pictures of a person 50 are for training, 10 for validation, 10 for the test."""
    for person in "ab":
        (tmp_path / person).mkdir()
        for index in range(70):
            noise(1000 * ord(person) + index).save(tmp_path / person / f"{index}.png")

    dataset = import_folder(tmp_path, stage).dataset

    assert [[50, 50], [10, 10], [10, 10]] == [
        np.bincount(labels).tolist()
        for labels in (dataset.y_train, dataset.y_valid, dataset.y_test)
    ]
    assert 10 < sum(dataset.y_train[:50]) < 40, "the persons' pictures are not mixed"


def test_same_pictures_same_set(orl: Path, tmp_path: Path) -> None:
    """Neither order, names nor times of the files change the set."""
    first = import_folder(orl, stage).dataset
    for person in orl.iterdir():
        target = tmp_path / "copy" / person.name
        target.mkdir(parents=True)
        for index, path in enumerate(sorted(person.iterdir(), reverse=True)):
            shutil.copy(path, target / f"photo{index}.pgm")

    second = import_folder(tmp_path / "copy", stage).dataset

    assert first.sha256 == second.sha256


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [("8", [f"s{n}" for n in range(1, 9)]), ("s11, S2", ["s2", "s11"]), ("3", ["s2", "s3", "s9"])],
)
def test_choosing_persons(orl: Path, wanted: str, expected: list[str]) -> None:
    """A number takes those with the most pictures, then by name; names are taken as they are."""
    if wanted == "3":
        for name in ("s3", "s9", "s2"):
            noise(hash(name) % 1000).save(orl / name / "more.png")

    assert tuple(expected) == import_folder(orl, stage, persons=wanted).dataset.names


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [("13", "found 12 persons"), ("1", "a number from 2 to 12"), ("s77", "there is no 's77'")],
)
def test_choosing_in_vain(orl: Path, wanted: str, expected: str) -> None:
    """A number or name that there is not is told with what there is."""
    with pytest.raises(DataError, match=expected):
        import_folder(orl, stage, persons=wanted)


def test_at_most_so_many_of_each(orl: Path) -> None:
    """A limit takes as many of each person, and says how many were left."""
    imported = import_folder(orl, stage, per_person=7)

    assert 12 * 7 == len(all_pictures(imported.dataset))
    assert "has 3 pictures more than the 7 asked for" == reasons(imported)["s1"]


def test_files_that_are_no_pictures(orl: Path, tmp_path: Path) -> None:
    """Broken, hidden and foreign files are each named with a reason; the rest is imported."""
    home = orl / "s1"
    (home / "empty.jpg").touch()
    (home / "login.jpg").write_text("<html>")
    (home / "cut.pgm").write_bytes((home / "1.pgm").read_bytes()[:500])
    (home / ".hidden.png").write_bytes((home / "1.pgm").read_bytes())
    (home / "Thumbs.db").write_bytes(b"\xd0\xcf\x11\xe0")
    (home / ".DS_Store").write_bytes(b"\0")
    (orl / "README").write_text("notes")
    noise(7).save(tmp_path / "outside.png")
    (home / "link.png").symlink_to(tmp_path / "outside.png")
    (orl / "linked").symlink_to(tmp_path)
    os.mkfifo(home / "pipe.jpg")
    (orl / "nobody").mkdir()

    imported = import_folder(orl, stage)

    assert 120 == len(all_pictures(imported.dataset))
    found = reasons(imported)
    expected = {
        "s1/empty.jpg": "is empty",
        "s1/login.jpg": "is no picture but a web page",
        "s1/cut.pgm": "is broken or cut off",
        "s1/.hidden.png": "is hidden",
        "s1/Thumbs.db": "is a file of the system",
        "s1/.DS_Store": "is hidden",
        "README": "lies in no person's folder",
        "s1/link.png": "is a link",
        "linked": "is a link",
        "s1/pipe.jpg": "is no ordinary file",
        "nobody": "holds no file",
    }
    assert set(expected) == set(found)
    assert [] == [name for name, words in expected.items() if words not in found[name]]


def test_nested_folders(orl: Path, tmp_path: Path) -> None:
    """Folders below a person's are that person's; a single folder around all is looked into."""
    (orl / "s1" / "more" / "deep").mkdir(parents=True)
    noise(5).save(orl / "s1" / "more" / "deep" / "x.png")
    outer = tmp_path / "outer" / "inner"
    outer.mkdir(parents=True)
    orl.rename(outer / "faces")

    imported = import_folder(tmp_path / "outer", stage)

    assert (12, 121) == (len(imported.dataset.names), len(all_pictures(imported.dataset)))


def test_folders_of_splits(orl: Path, tmp_path: Path) -> None:
    """Where the persons lie in train and test, these are no persons."""
    for person in orl.iterdir():
        for index, path in enumerate(sorted(person.iterdir())):
            target = tmp_path / "split" / ("train" if index else "test") / person.name
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)

    dataset = import_folder(tmp_path / "split", stage).dataset

    assert import_folder(orl, stage).dataset.sha256 == dataset.sha256


def test_copies_stay_together(orl: Path) -> None:
    """Copies and look-alikes of a picture, also of another size and kind, share its split."""
    for index in range(1, 11):
        image = Image.open(orl / "s1" / f"{index}.pgm")
        shutil.copy(orl / "s1" / f"{index}.pgm", orl / "s1" / f"copy{index}.pgm")
        image.resize((200, 240)).save(orl / "s1" / f"larger{index}.jpg", quality=60)

    imported = import_folder(orl, stage)

    splits = all_splits(imported.dataset)
    found = groups(look_alikes(all_pictures(imported.dataset)))
    assert [1] * 10 == [len({splits[row] for row in rows}) for rows in found]
    assert [3] * 10 == [len(group.sources) for group in imported.look_alikes]
    assert {("s1",)} == {group.persons for group in imported.look_alikes}


def test_one_picture_of_two_persons(orl: Path) -> None:
    """A picture that two persons have is reported, and is not in the test set."""
    shutil.copy(orl / "s1" / "1.pgm", orl / "s2" / "same.pgm")

    imported = import_folder(orl, stage)

    (group,) = imported.look_alikes
    assert (("s1", "s2"), ("train",), True) == (group.persons, group.splits, group.are_copies)


def test_one_scene_only(orl: Path) -> None:
    """Where all pictures of a person look alike they are spread, and it is said."""
    for index in range(1, 11):
        image = np.asarray(noise(4242)).copy()
        image[index, index] ^= 255
        Image.fromarray(image).save(orl / "s3" / f"{index}.pgm")

    imported = import_folder(orl, stage)

    assert 12 == len(imported.dataset.names)
    assert [("train", "valid", "test")] == [group.splits for group in imported.look_alikes]


def test_person_with_too_few(orl: Path) -> None:
    """A person with two pictures, or many copies of two, is left out by name."""
    for index in range(3, 11):
        shutil.copy(orl / "s4" / f"{index % 2 + 1}.pgm", orl / "s4" / f"{index}.pgm")

    imported = import_folder(orl, stage)

    assert "s4" not in imported.dataset.names
    assert "fewer than 3 different pictures" in reasons(imported)["s4"]


def test_strange_names(orl: Path) -> None:
    """Folder names with line breaks, escapes or bytes that are no text become names to show."""
    (orl / "s1").rename(orl / "Zoë\x1b[31m_Ün\nam")
    os.rename(orl / "s2", os.fsencode(orl) + b"/bad\xff")  # noqa: PTH104 - bytes

    dataset = import_folder(orl, stage).dataset

    assert {"Zoë?[31m Ün?am", "bad?"} < set(dataset.names)


@pytest.mark.parametrize("case", ["empty", "flat", "one person", "no pictures"])
def test_folders_without_a_set(tmp_path: Path, case: str) -> None:
    """What is no folder of persons is told, with what was found and expected."""
    if case != "empty":
        folder = tmp_path if case == "flat" else tmp_path / "somebody"
        folder.mkdir(exist_ok=True)
        for index in range(5):
            if case == "no pictures":
                (folder / f"{index}.jpg").write_text("<html>")
            else:
                noise(index).save(folder / f"{index}.png")

    with pytest.raises(DataError) as caught:
        import_folder(tmp_path, stage)

    expected = {
        "empty": "found no folder in it. Expected one folder for each person",
        "flat": "found no folder in it. Expected one folder for each person",
        "one person": "found 1 persons with at least 3 different pictures, expected at least two",
        "no pictures": "found no picture that can be read (somebody/0.jpg is no picture",
    }
    assert expected[case] in str(caught.value)


def test_written_set_is_read(orl: Path, tmp_path: Path) -> None:
    """What was imported, written and loaded is the same set; the report names everything."""
    (orl / "s1" / "x.jpg").write_text("<html>")
    imported = import_folder(orl, stage)
    data.write_own_file(imported.dataset, tmp_path / "set.npz")
    write_report(imported, tmp_path / "set.txt")

    again = data.load(tmp_path / "set.npz")

    assert imported.dataset.sha256 == again.sha256
    report = (tmp_path / "set.txt").read_text("utf-8")
    assert "  s12: 8, 1, 1\n" in report
    assert "    s1/x.jpg\n" in report
