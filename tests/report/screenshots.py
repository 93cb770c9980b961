"""Takes the screenshots in docs/images, of a made-up class: `make screenshots`, no test."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from selenium import webdriver

import data
from grader.records import Grade
from grader.report.drawings import Drawings
from grader.report.images import Album
from grader.report.writing import write_class_page, write_student_page
from tests.report.browsing import chromium, show
from tests.report.made_class import all_parts, made_class

IMAGES = Path(__file__).parents[2] / "docs" / "images"
NUM_STUDENTS = 300
MOST_BYTES = 150_000
CLASS = "index.html"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """The browser that the photographs are taken in."""
    with chromium(tmp_path_factory.mktemp("chromium")) as session:
        yield session


def test_screenshots(browser: webdriver.Chrome, tmp_path: Path) -> None:
    """The class, a student who has passed, one who has not, curves, and a phone in the dark."""
    run, drawings = made_class(NUM_STUDENTS), Drawings(Album(data.load().x_test))
    write_class_page(run, tmp_path, all_parts())
    done = next(grade for grade in run.grades if grade.score == grade.max_score)
    unpadded = next(grade for grade in run.grades if _has(grade, "padding"))
    for grade in (done, unpadded):
        write_student_page(grade, run, tmp_path, all_parts(), drawings)
    IMAGES.mkdir(exist_ok=True)

    take(browser, tmp_path / CLASS, "class.png", bottom=1480)
    take(browser, tmp_path / done.report, "student.png", bottom=1250)
    take(browser, tmp_path / done.report, "training.png", top="#cnn_a .charts", bottom=1090)
    take(browser, tmp_path / unpadded.report, "differences.png", top="#cnn_a", bottom=1180)
    take(browser, tmp_path / unpadded.report, "phone.png", bottom=900, width=360, scheme="dark")


def take(  # noqa: PLR0913 - all but the first three have their usual value
    browser: webdriver.Chrome,
    page: Path,
    name: str,
    *,
    top: str = "body",
    bottom: int,
    width: int = 1280,
    scheme: str = "light",
) -> None:
    """Photograph a page from an element down, so many pixels, in few colours."""
    show(browser, page, width, scheme)
    script = "return document.querySelector(arguments[0]).getBoundingClientRect().top + scrollY"
    y = browser.execute_script(script, top) - (24 if top != "body" else 0)
    clip = {"x": 0, "y": y, "width": width, "height": bottom, "scale": 1}
    taken = browser.execute_cdp_cmd(
        "Page.captureScreenshot", {"format": "png", "captureBeyondViewport": True, "clip": clip}
    )
    image = Image.open(io.BytesIO(base64.b64decode(taken["data"])))
    # k-means keeps the plain colours of the page as they are, which median cut alone does not.
    few = image.convert("RGB").quantize(256, kmeans=1, dither=Image.Dither.NONE)
    few.save(IMAGES / name, optimize=True)

    assert (IMAGES / name).stat().st_size < MOST_BYTES


def _has(grade: Grade, rule: str) -> bool:
    return any(hint.rule.value == rule for part in grade.parts for hint in part.hints)
