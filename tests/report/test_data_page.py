"""The page of a data set: everything is on it, nothing comes from elsewhere."""

from __future__ import annotations

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

import data
from data.duplicates import look_alikes
from data.fitness import all_pictures, examine
from grader.report.contact_sheets import contact_sheet, mean_face
from grader.report.data_page import brightness_chart, data_page

NAME = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def dataset() -> data.DataSet:
    """Two persons, one of them with a name that is code, and one picture in two splits."""
    rng = np.random.default_rng(1)
    arrays: dict[str, np.ndarray] = {}
    for split, count in (("train", 20), ("valid", 4), ("test", 4)):
        arrays[f"x_{split}"] = rng.integers(0, 256, (count, 48, 48, 3)).astype(np.uint8)
        arrays[f"y_{split}"] = np.arange(count) % 2
    arrays["x_test"][0] = arrays["x_train"][0]
    return data.make_dataset(arrays, names=(NAME, "Bo Roe"), name=f"set {NAME}")


@pytest.fixture(scope="module")
def page(dataset: data.DataSet) -> str:
    """The page of that set."""
    likeness = look_alikes(all_pictures(dataset))
    return data_page(dataset, likeness, examine(dataset, likeness))


def test_nothing_from_elsewhere(page: str) -> None:
    """No address but data: and places on the page; the policy admits one style sheet alone."""
    policy = "default-src 'none'; style-src 'sha256-"

    assert policy in page
    assert set() == {
        found
        for found in re.findall(r"""(?:src|href)=["']([^"']*)""", page)
        if not found.startswith(("data:", "#"))
    }
    assert " style=" not in page


def test_foreign_names_are_text(page: str) -> None:
    """A name that is code is shown and not run."""
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_what_is_on_it(page: str, dataset: data.DataSet) -> None:
    """Counts, findings, look-alikes with their places, and a sheet for each person and split."""
    assert "28 pictures of 2 persons, 48 x 48 pixels each." in page
    assert 6 == page.count('<div class="sheet"')
    assert "1 group lies in more than one split, or has more than one person" in page
    assert "train (&lt;script&gt;alert(1)&lt;/script&gt;), test (&lt;script&gt;" in page
    assert "Expected at least 50 of each" in page
    assert dataset.sha256 in page


def test_contact_sheet() -> None:
    """Pictures stand row by row, brought to one size, with a gap between them."""
    pictures = np.stack([np.full((60, 60, 3), 10 * index, np.uint8) for index in range(20)])

    sheet = contact_sheet(pictures)

    image = Image.open(io.BytesIO(base64.b64decode(sheet.address.partition(",")[2])))
    assert (848, 98) == (sheet.width, sheet.height) == image.size
    colour = image.convert("RGBA").getpixel((2 * 50 + 24, 50 + 24))
    assert isinstance(colour, tuple)
    assert abs(190 - colour[0]) <= 3
    assert image.convert("RGBA").getpixel((3 * 50 + 24, 50 + 24)) == (0, 0, 0, 0)


def test_mean_face() -> None:
    """The mean lies between the pictures."""
    pictures = np.stack([np.full((48, 48, 3), value, np.uint8) for value in (0, 100)])

    sheet = mean_face(pictures)

    image = Image.open(io.BytesIO(base64.b64decode(sheet.address.partition(",")[2])))
    colour = image.convert("RGB").getpixel((20, 20))
    assert isinstance(colour, tuple)
    assert abs(50 - colour[0]) <= 2


def test_brightness(dataset: data.DataSet) -> None:
    """The histogram has a line for each split and its means in words."""
    chart = brightness_chart(dataset)

    assert ["train", "valid", "test"] == [line.kind for line in chart.lines]
    assert f"train {dataset.x_train.mean():.0f} on average" in chart.words
