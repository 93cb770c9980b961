"""`grader data`: import, show and verify as an instructor runs them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from data import DataSet
from data.builtin import draw_again, load_invented
from data.dataset import SPLITS
from data.faces.generate import generate
from data.faces.plan import Counts
from grader.cli import commands, data_runs

if TYPE_CHECKING:
    from tests.cli.conftest import Grader


@pytest.fixture(scope="module")
def photographs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Nine persons with five pictures each, and a file that is none."""
    folder = tmp_path_factory.mktemp("photographs")
    rng = np.random.default_rng(3)
    for person in "ABCDEFGHI":
        (folder / person).mkdir()
        for index in range(5):
            values = rng.integers(0, 256, (6, 6, 3)).astype(np.uint8)
            image = Image.fromarray(values).resize((70, 90), Image.Resampling.BICUBIC)
            image.save(folder / person / f"{index}.jpg")
    (folder / "C" / "notes.jpg").write_text("<html>")
    return folder


@pytest.mark.parametrize("command", ["import", "vgg", "show", "verify"])
def test_help_shows_examples(called: Grader, command: str) -> None:
    """The help of every command has an example of it."""
    ran = called("data", command, "--help")

    assert 0 == ran.code
    assert f"  grader data {command}" in ran.out


def test_from_photographs_to_a_page(grader: Grader, photographs: Path, tmp_path: Path) -> None:
    """What is imported can be examined and shown, and what was left out is named."""
    out = tmp_path / "faces.npz"

    imported = grader("data", "import", photographs, "-o", out, "--persons", "8")
    verified = grader("data", "verify", out)
    shown = grader("data", "show", out, "-o", tmp_path / "faces.html")

    assert (0, 1, 0) == (imported.code, verified.code, shown.code)
    assert "1 x is no picture but a web page or other text: C/notes.jpg" in imported.out
    assert f"40 pictures of 8 persons are in {out}" in imported.out
    assert "fine   fit: 8 persons, pictures of 48 x 48 x 3" in verified.out
    assert "Not fit for the exercise: 2 faults." in verified.out
    assert f"Page: {tmp_path / 'faces.html'}" in shown.out
    assert {"faces.npz", "faces.import.txt", "faces.html"} == {
        path.name for path in tmp_path.iterdir()
    }


def test_other_numbers_of_persons(called: Grader, photographs: Path, tmp_path: Path) -> None:
    """Nine persons are imported, with a word on the eight that the networks tell apart."""
    ran = called("data", "import", photographs, "-o", tmp_path / "nine.npz")

    assert 0 == ran.code
    assert "The networks tell 8 persons apart" in ran.out
    assert "--persons 8" in ran.out


WRONG = {
    "no such folder": (["import", "nowhere", "-o", "x.npz"], "does not exist"),
    "no persons": (["import", ".", "-o", "x.npz"], "found no folder in it"),
    "other ending": (["import", ".", "-o", "x.jpg"], "expected a name that ends in .npz"),
    "no such file": (["verify", "nowhere.npz"], "does not exist"),
    "no data": (["show", "."], "in this folder there is no HDF5 file"),
    "no lists": (["vgg", ".", "-o", "x.npz"], "found no list in it"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_use(
    called: Grader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    """A wrong call ends with 2, a sentence, and no file."""
    monkeypatch.chdir(tmp_path)
    arguments, expected = WRONG[case]

    ran = called("data", *arguments)

    assert 2 == ran.code
    assert expected in ran.err
    assert [] == list(tmp_path.iterdir())


def test_verify_of_a_broken_file(called: Grader, tmp_path: Path) -> None:
    """A file that cannot be read is not fit, and that is no wrong call."""
    (tmp_path / "broken.npz").write_bytes(b"PK\x03\x04 and nothing more")

    ran = called("data", "verify", tmp_path / "broken.npz")

    assert 1 == ran.code
    assert "damaged or incomplete" in ran.out
    assert "Not fit for the exercise" in ran.out


def test_built_in_set_is_verified(monkeypatch: pytest.MonkeyPatch) -> None:
    """The built-in set is fit, and where drawing it again gives the same, that is said."""
    monkeypatch.setattr(data_runs, "draw_again", lambda _: load_invented())
    told = CliRunner().invoke(commands, ["data", "verify"], prog_name="grader")

    assert 0 == told.exit_code
    assert "Fit for the exercise.\nDrawn again: the same, bit for bit." in told.stdout


def test_pictures_that_ship_are_drawn_again() -> None:
    """Drawn now, the first pictures of each split are those that ship."""
    drawn, ships = generate(counts=Counts(train=3, valid=1, test=1), processes=1), load_invented()

    for split in SPLITS:
        pictures, labels = getattr(drawn, f"x_{split}"), getattr(drawn, f"y_{split}")
        num = len(labels)
        np.testing.assert_array_equal(getattr(ships, f"x_{split}")[:num], pictures)
        np.testing.assert_array_equal(getattr(ships, f"y_{split}")[:num], labels)


# Repeats the two before it with all pictures.
@pytest.mark.nightly
@pytest.mark.slow
def test_built_in_set_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The built-in set is fit, and drawing it again gives the same, as is said."""
    drawn: list[DataSet] = []

    def draw(advance: Callable[[], None]) -> DataSet:
        drawn.append(draw_again(advance))
        return drawn[-1]

    monkeypatch.setattr(data_runs, "draw_again", draw)
    told = CliRunner().invoke(commands, ["data", "verify"], prog_name="grader")

    assert [load_invented().sha256] == [dataset.sha256 for dataset in drawn]
    assert 0 == told.exit_code
    assert "Fit for the exercise.\nDrawn again: the same, bit for bit." in told.stdout
