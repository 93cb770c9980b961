"""The drawing of the invented faces: the same from the same seed, balanced, shuffled."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from data import DataSet
from data.faces.generate import generate
from data.faces.persons import PERSONS
from data.faces.plan import Counts, Job, plan

FEW = Counts(train=3, valid=1, test=1)


@pytest.fixture(scope="module")
def few() -> DataSet:
    """Forty faces, drawn by this process."""
    return generate(counts=FEW, processes=1)


def test_same_seed_gives_the_same_digest(few: DataSet) -> None:
    """Two drawings from one seed are equal to the last bit."""
    again = generate(counts=FEW, processes=1)

    assert few.sha256 == again.sha256


def test_another_seed_gives_another_set(few: DataSet) -> None:
    """The seed decides the pictures."""
    other = generate(seed=1, counts=FEW, processes=1)

    assert few.sha256 != other.sha256


def test_number_of_processes_does_not_matter(few: DataSet) -> None:
    """Three processes draw the very set that one draws."""
    shared = generate(counts=FEW, processes=3)

    assert few.sha256 == shared.sha256


def test_workers_draw_without_help(monkeypatch: pytest.MonkeyPatch, few: DataSet) -> None:
    """The pictures come from the workers: the parent need not draw any of them."""
    monkeypatch.setattr(Job, "draw", lambda _job, _seed: pytest.fail("the parent drew"))

    shared = generate(counts=FEW, processes=2)

    assert few.sha256 == shared.sha256


def test_workers_ignore_a_data_module_of_others(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, few: DataSet
) -> None:
    """A `data.py` in the current folder is not taken for the project's."""
    (tmp_path / "data.py").write_text("raise SystemExit")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Job, "draw", lambda _job, _seed: pytest.fail("the parent drew"))

    shared = generate(counts=FEW, processes=2)

    assert few.sha256 == shared.sha256


def test_workers_that_cannot_start_are_replaced(
    monkeypatch: pytest.MonkeyPatch, few: DataSet
) -> None:
    """When the child processes die, this process draws their pictures."""
    monkeypatch.setattr("sys.executable", shutil.which("false"))

    shared = generate(counts=FEW, processes=2)

    assert few.sha256 == shared.sha256


def test_small_set_is_the_beginning_of_a_large_one(few: DataSet) -> None:
    """Fewer pictures of each person give the first pictures of the larger set."""
    fewer = generate(counts=Counts(train=1, valid=1, test=1), processes=1)

    assert few.x_train[:8].tobytes() == fewer.x_train.tobytes()
    assert few.y_train[:8].tolist() == fewer.y_train.tolist()


def test_shapes_types_and_names(few: DataSet) -> None:
    """Pictures are 48 x 48 in colour, labels whole numbers, and every person has a name."""
    shapes = (few.x_train.shape, few.x_valid.shape, few.y_train.shape, few.y_test.shape)

    assert ((24, 48, 48, 3), (8, 48, 48, 3), (24,), (8,)) == shapes
    assert (np.dtype(np.uint8), np.dtype(np.int64)) == (few.x_train.dtype, few.y_train.dtype)
    assert tuple(person.name for person in PERSONS) == few.names
    assert len(set(few.names)) == 8


def test_progress_is_told_after_every_picture() -> None:
    """The bar moves once for each picture."""
    ticks: list[None] = []

    generate(counts=Counts(1, 1, 1), processes=1, advance=lambda: ticks.append(None))

    assert 24 == len(ticks)


def test_full_set_is_balanced_in_persons_and_labels() -> None:
    """250, 50 and 50 pictures of each person, and as many of each label."""
    jobs = plan(2017, Counts())

    for split, count in enumerate((250, 50, 50)):
        persons = [job.person for job in jobs if job.split == split]
        labels = [job.label for job in jobs if job.split == split]
        assert [count] * 8 == np.bincount(persons).tolist()
        assert [count] * 8 == np.bincount(labels).tolist()


def test_about_seven_percent_of_the_labels_are_wrong() -> None:
    """As in the original, some labels of each split are wrong."""
    jobs = plan(2017, Counts())

    for split in range(3):
        wrong = np.mean([job.person != job.label for job in jobs if job.split == split])
        assert 0.03 <= wrong <= 0.11


def test_the_full_set_is_shuffled() -> None:
    """Nobody can tell the next person from the place in the set."""
    persons = np.array([job.person for job in plan(2017, Counts()) if job.split == 0])

    by_place = [np.bincount(persons[place::8], minlength=8).max() for place in range(8)]

    assert max(by_place) < 60  # 250 pictures at each place, 31 of each person on average


def test_every_person_looks_different(few: DataSet) -> None:
    """No two pictures of the set are equal, within a person or between persons."""
    pictures = np.concatenate([few.x_train, few.x_valid, few.x_test])

    assert len(pictures) == len({picture.tobytes() for picture in pictures})
