"""`grader calibrate`: wrong calls, and a real calibration that grades then use."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from data import load, make_dataset, write_own_file
from grader.cli.calibration_run import choose_parts
from grader.cli.grading_plan import make_plan
from grader.errors import UsageError
from grader.records import Calibration, CheckName
from grader.sheets import load_sheets
from grader.sheets.writing import write_calibration
from tests.asking import ASKED
from tests.noise import write_noise

if TYPE_CHECKING:
    from tests.cli.conftest import Grader

RIGHT = """\
import keras
from keras import layers

def build_model():
    return keras.Sequential(
        [keras.Input((6912,)), layers.Dense(8), layers.Activation("softmax")]
    )
"""


def test_unknown_part(called: Grader) -> None:
    """The parts that are near to it are named, and nothing is trained."""
    ran = called("calibrate", "fc_aa")

    assert (2, "") == (ran.code, ran.out)
    assert "There is no part 'fc_aa'. Did you mean fc_a or " in ran.err


def test_part_that_is_not_trained(monkeypatch: pytest.MonkeyPatch) -> None:
    """A part that is only built has no accuracy to measure; asked for, that is said."""
    sheet = load_sheets()[0]
    first, *others = sheet.parts
    only_built = replace(first, points={CheckName.LOADS: 1.0, CheckName.ARCHITECTURE: 1.0})
    course = (replace(sheet, parts=(only_built, *others)),)
    monkeypatch.setattr("grader.cli.calibration_run.load_sheets", lambda: course)

    assert others == choose_parts([])
    with pytest.raises(UsageError, match=f"^{first.id}: built and compared, and not trained"):
        choose_parts([first.id])


@pytest.mark.parametrize("option", ["--seeds", "--choice-seeds"])
def test_too_few_seeds(called: Grader, option: str) -> None:
    """A number of seeds that tells nothing is a wrong call."""
    ran = called("calibrate", "fc_a", option, "0")

    assert 2 == ran.code
    assert "0 is not in the range" in ran.err


def test_data_set_that_cannot_be_used(called: Grader, tmp_path: Path) -> None:
    """A file that is no data set is a wrong call that names it."""
    ran = called("calibrate", "fc_a", "--data", tmp_path / "missing.npz")

    assert 2 == ran.code
    assert "missing.npz: there is no such file" in ran.err


def test_data_set_with_too_many_persons(called: Grader, tmp_path: Path) -> None:
    """Nine persons do not go with a network for eight."""
    rng = np.random.default_rng(1)
    arrays = {f"y_{split}": np.arange(9) for split in ("train", "valid", "test")}
    for split in ("train", "valid", "test"):
        arrays[f"x_{split}"] = rng.integers(0, 256, (9, 48, 48, 3)).astype(np.uint8)
    path = tmp_path / "nine.npz"
    write_own_file(make_dataset(arrays, names=tuple("ABCDEFGHI"), name="nine"), path)
    ran = called("calibrate", "fc_a", "--data", path)

    assert 2 == ran.code
    assert "it has 9 persons, the network tells 8 apart" in ran.err


@pytest.mark.slow
def test_few_seeds_write_nothing(grader: Grader, tmp_path: Path) -> None:
    """What they reach is shown, with all that should not pass, and called preliminary."""
    # On data of its own: trainings are counted, and other tests leave theirs in the same cache.
    data = write_noise(tmp_path / "own.npz", seed=2)
    few = grader("calibrate", "fc_a", "--seeds", "2", "--choice-seeds", "1", "--data", data)

    assert 0 == few.code
    assert not (tmp_path / "own.npz.calibration.toml").exists()
    assert "This is preliminary and not written" in few.out
    assert "| fc_a | 2     |" in few.out
    # Two seeds, default initializers, other threads, and two slips.
    assert "6 of 6 trainings" in few.err


def test_threshold_beside_the_data_is_used_by_grades(
    tmp_path: Path, write: Callable[[str], Path]
) -> None:
    """A grade on that data set has it, and says nothing of a lack."""
    data = write_noise(tmp_path / "own.npz")
    versions = dict.fromkeys(("python", "keras", "tensorflow"), "1.0")
    measured = Calibration(0.5, 0.6, 0.01, 10, "own", load(data).sha256, versions)
    write_calibration(load_sheets()[0].parts[0], measured, data)
    request = replace(
        ASKED, paths=(write(RIGHT),), out=tmp_path / "out", data=data, parts=("fc_a",)
    )
    plan = make_plan(request)
    (part,) = plan.parts

    assert measured == part.calibration_for(plan.data.sha256)
    assert () == plan.remarks


# Repeats the two before it and that of an error in tests/cli/test_own_data.py, in one go.
@pytest.mark.nightly
@pytest.mark.slow
def test_calibration_of_a_part_is_used_by_grades(
    grader: Grader, tmp_path: Path, write: Callable[[str], Path]
) -> None:
    """Ten seeds write a threshold beside the data; grades then check the accuracy against it.

    The trainings of fewer seeds are not done again.
    """
    data = write_noise(tmp_path / "own.npz", seed=3)
    beside = tmp_path / "own.npz.calibration.toml"
    few = grader("calibrate", "fc_a", "--seeds", "2", "--choice-seeds", "1", "--data", data)
    ran = grader("calibrate", "fc_a", "--choice-seeds", "1", "--data", data)
    out = tmp_path / "out"
    graded = grader("grade", write(RIGHT), "-o", out, "--data", data, "--part", "fc_a")
    (part,) = json.loads((out / "results.json").read_bytes())["submissions"][0]["parts"]

    assert "6 of 6 trainings" in few.err
    assert 0 == ran.code
    # Eight more seeds.
    assert "8 of 8 trainings" in ran.err
    assert f"Written to {beside}." in ran.out
    assert "| fc_a | 10    |" in ran.out
    assert f'part = "fc_a"\nthreshold = {part["training"]["threshold"]}\n' in beside.read_text()
    assert "No accuracy threshold" not in graded.out
    assert "skipped" not in [check["outcome"] for check in part["checks"]]
