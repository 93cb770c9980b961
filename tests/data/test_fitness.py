"""Whether a set is fit: what is fine, what is worth a note, what is a fault."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageEnhance

import data
from data import DataSet
from data.duplicates import copies, groups, look_alikes
from data.fitness import Weight, all_pictures, examine

Arrays = dict[str, np.ndarray]
SIZES = {"train": 160, "valid": 30, "test": 30}


def picture(seed: int) -> np.ndarray:
    """A picture of coarse noise, like no other."""
    values = np.random.default_rng(seed).integers(0, 256, (8, 8, 3)).astype(np.uint8)
    return np.asarray(Image.fromarray(values).resize((48, 48), Image.Resampling.BICUBIC))


@pytest.fixture(scope="module")
def good() -> Arrays:
    """The arrays of a set of three persons that nothing speaks against."""
    arrays: Arrays = {}
    start = 0
    for split, each in SIZES.items():
        arrays[f"x_{split}"] = np.array([picture(start + n) for n in range(3 * each)])
        arrays[f"y_{split}"] = np.tile(np.arange(3), each)
        start += 3 * each
    return arrays


def weights(arrays: Arrays) -> dict[str, Weight]:
    """What is not fine about a set of these arrays."""
    dataset = to_set(arrays)
    findings = examine(dataset, look_alikes(all_pictures(dataset)))
    return {found.topic: found.weight for found in findings if found.weight is not Weight.FINE}


def to_set(arrays: Arrays) -> DataSet:
    """The data set of these arrays."""
    return data.make_dataset(arrays, names=("a", "b", "c"), name="set")


def fewer(split: str, count: int) -> Callable[[Arrays], None]:
    """Return what leaves so many pictures of each person in a split."""

    def edit(arrays: Arrays) -> None:
        for key in (f"x_{split}", f"y_{split}"):
            arrays[key] = arrays[key][: 3 * count]

    return edit


def unbalanced(keep: int) -> Callable[[Arrays], None]:
    """Return what leaves only so many training pictures of the first person."""

    def edit(arrays: Arrays) -> None:
        labels = arrays["y_train"]
        kept = (labels != 0) | (np.cumsum(labels == 0) <= keep)
        arrays["x_train"], arrays["y_train"] = arrays["x_train"][kept], labels[kept]

    return edit


def leaky(count: int) -> Callable[[Arrays], None]:
    """Return what puts so many test pictures into the training, with their labels."""

    def edit(arrays: Arrays) -> None:
        arrays["x_train"][:count] = arrays["x_test"][:count]
        arrays["y_train"][:count] = arrays["y_test"][:count]

    return edit


def plain(count: int) -> Callable[[Arrays], None]:
    """Return what leaves nothing but a colour of so many training pictures."""

    def edit(arrays: Arrays) -> None:
        for row in range(count):
            arrays["x_train"][row] = 10 + row

    return edit


def relabelled(arrays: Arrays) -> None:
    """Give one picture a second time to another person."""
    arrays["x_train"][1] = arrays["x_train"][0]


def dark(arrays: Arrays) -> None:
    """Make all pictures hard to see."""
    for split in SIZES:
        arrays[f"x_{split}"] = arrays[f"x_{split}"] // 10


CASES: dict[str, tuple[Callable[[Arrays], None], dict[str, Weight]]] = {
    "nothing": (lambda _: None, {}),
    "some training": (fewer("train", 100), {"train": Weight.NOTE}),
    "little training": (fewer("train", 10), {"train": Weight.FAULT}),
    "little test": (fewer("test", 5), {"test": Weight.FAULT}),
    "uneven": (unbalanced(80), {"train": Weight.NOTE, "balance": Weight.NOTE}),
    "very uneven": (unbalanced(20), {"train": Weight.FAULT, "balance": Weight.FAULT}),
    "one leak": (leaky(1), {"leaks": Weight.NOTE}),
    "many leaks": (leaky(12), {"leaks": Weight.FAULT}),
    "two labels": (relabelled, {"labels": Weight.NOTE}),
    "one plain": (plain(1), {"content": Weight.NOTE}),
    "many plain": (plain(60), {"content": Weight.FAULT}),
    "dark": (dark, {"brightness": Weight.NOTE}),
}


@pytest.mark.parametrize("case", CASES)
def test_findings(good: Arrays, case: str) -> None:
    """Each weakness is found, weighed, and nothing else is found with it."""
    edit, expected = CASES[case]
    arrays = {key: values.copy() for key, values in good.items()}
    edit(arrays)

    assert expected == weights(arrays)


def test_sentences_name_what_was_found(good: Arrays) -> None:
    """A fault says what was found, what was expected and for whom."""
    arrays = {key: values.copy() for key, values in good.items()}
    unbalanced(20)(arrays)
    dataset = to_set(arrays)

    findings = examine(dataset, np.arange(len(all_pictures(dataset))))

    texts = {found.topic: found.text for found in findings}
    assert "at least 20 of each person (a). Expected at least 50 of each." in texts["train"]
    assert "train has 160 pictures of b and 20 of a. Expected at most 4 times" in texts["balance"]


def saved_anew(image: Image.Image) -> Image.Image:
    """The picture after strong compression."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=40)
    return Image.open(buffer).convert("RGB")


SAME: dict[str, Callable[[Image.Image], Image.Image]] = {
    "copy": lambda image: image,
    "saved anew": saved_anew,
    "smaller and back": lambda image: image.resize((30, 30)).resize((48, 48)),
    "brighter": lambda image: ImageEnhance.Brightness(image).enhance(1.1),
    "less contrast": lambda image: ImageEnhance.Contrast(image).enhance(0.75),
    "grey": lambda image: image.convert("L").convert("RGB"),
}


@pytest.mark.parametrize("case", SAME)
def test_looks_alike(case: str) -> None:
    """A picture that was merely worked on is known again, among others."""
    pictures = [picture(seed) for seed in range(40)]
    pictures.append(np.asarray(SAME[case](Image.fromarray(pictures[3]))))

    assert [(3, 40)] == groups(look_alikes(np.array(pictures)))


def test_differs() -> None:
    """Other pictures, turned ones and plain ones look alike to none."""
    pictures = [picture(seed) for seed in range(200)]
    pictures += [pictures[0][:, ::-1], pictures[1][::-1], 255 - pictures[2]]
    pictures += [np.full((48, 48, 3), value, np.uint8) for value in (0, 100, 255)]

    assert [] == groups(look_alikes(np.array(pictures)))


def test_likeness_is_passed_on() -> None:
    """Copies are found even of plain pictures, and all that are alike form one group."""
    plain_one = np.full((48, 48, 3), 9, np.uint8)
    base = picture(1)
    pictures = np.array([plain_one, base, plain_one, np.clip(base, 3, 250), base])

    assert [(0, 2), (1, 4)] == groups(copies(pictures))
    assert [(0, 2), (1, 3, 4)] == groups(look_alikes(pictures))
