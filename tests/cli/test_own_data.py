"""Parts that bring data and a protocol, in a clone with the sample sheet among its exercises.

One part tells classes, the other a number; each is graded for real by every way there is.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import nbformat
import numpy as np
import pytest

from grader.sheets import load_sheet
from samples.make_sequences import forecast, waves
from tests.notebook import making

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "docs" / "results.schema.json"
SHEET = ROOT / "samples" / "sheets" / "sequences"
FOREIGN = ("PYTEST_", "COV_", "GRADER_")


@dataclass(frozen=True)
class Clone:
    """A clone whose only sheet is the sample sheet, as docs/authoring.md has it copied."""

    root: Path

    def run(self, *command: str | Path, cache: str = "cache") -> subprocess.CompletedProcess[str]:
        """What a program of the clone's grader said, with what it keeps in this folder."""
        kept = {n: v for n, v in os.environ.items() if not n.startswith(FOREIGN)}
        return subprocess.run(
            [sys.executable, "-P", *map(str, command)],
            cwd=self.root,
            env=kept | {"PYTHONPATH": str(self.root), "GRADER_CACHE": str(self.root / cache)},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def grader(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """What a command of the grader said."""
        return self.run("-c", "from grader.cli import main; main()", *arguments)

    @property
    def sheet(self) -> Path:
        """The folder of the sheet."""
        return self.root / "exercises" / "sequences"

    def solution(self, part: str) -> str:
        """The text of a solution."""
        return (self.root / "solutions" / "sequences" / f"{part}.py").read_text("utf-8")


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Clone:
    """What of the project it takes, and the sheet at its place."""
    root = tmp_path_factory.mktemp("clone")
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("grader", "data"):
        shutil.copytree(ROOT / name, root / name, ignore=ignored)
    for name in ("conftest.py", "pyproject.toml"):
        shutil.copy(ROOT / name, root / name)
    for name, place in (("sheets", "exercises"), ("solutions", "solutions")):
        shutil.copytree(ROOT / "samples" / name / "sequences", root / place / "sequences")
    clone = Clone(root)
    # The error of `forecast` is within what is allowed long before the last of its epochs.
    toml = clone.sheet / "sheet.toml"
    whole = toml.read_text("utf-8")
    assert 1 == whole.count("epochs = 40")
    toml.write_text(whole.replace("epochs = 40", "epochs = 12"), "utf-8")
    return clone


# A slip in each part.
WRONG = {"waves": ("LSTM(24)", "LSTM(23)"), "forecast": ("GRU(16)", "GRU(17)")}


def slow(code: str) -> str:
    """The right network, compiled so that it learns nothing."""
    head, _, tail = code.partition("    return ")
    made, _, rest = tail.partition("\n    )\n")
    compiled = "    model.compile(optimizer=keras.optimizers.SGD(1e-9), loss='mse')\n"
    return f"{head}    model = {made}\n    )\n{compiled}    return model\n{rest}"


@dataclass(frozen=True)
class Graded:
    """A class of three, its results by submission and part, and where its pages are."""

    out: Path
    said: str
    results: dict[str, Any]

    def part(self, submission: str, part: str) -> dict[str, Any]:
        """One part of one submission."""
        found = next(s for s in self.results["submissions"] if s["submission"] == submission)
        return next(one for one in found["parts"] if one["part"] == part)

    def page(self, submission: str) -> str:
        """A student's page."""
        return (self.out / "students" / submission / "index.html").read_text("utf-8")


@pytest.fixture(scope="module")
def graded(clone: Clone) -> Graded:
    """Right in both parts; wrong layers in both; and `forecast` right, but it learns nothing."""
    class_ = clone.root / "class"
    codes = {
        "right": {part: clone.solution(part) for part in WRONG},
        "wrong": {part: clone.solution(part).replace(*slip) for part, slip in WRONG.items()},
        "slow": {"forecast": slow(clone.solution("forecast"))},
    }
    for name, files in codes.items():
        (class_ / name).mkdir(parents=True)
        for part, code in files.items():
            (class_ / name / f"{part}.py").write_text(code, "utf-8")
    out = clone.root / "out"
    # One after the other: two at a time would each start processes of their own.
    ran = clone.grader("grade", class_, "-o", out, "--jobs", "1")
    assert 0 == ran.returncode, ran.stdout + ran.stderr
    return Graded(out, ran.stdout, json.loads((out / "results.json").read_bytes()))


def checks(part: dict[str, Any]) -> list[str]:
    """The outcomes of the five checks."""
    return [check["outcome"] for check in part["checks"]]


def test_right_networks_pass_on_the_parts_own_data(graded: Graded) -> None:
    """Both reach their thresholds; one has an accuracy, the other an error in its place."""
    waves_, forecast_ = graded.part("right", "waves"), graded.part("right", "forecast")
    accuracy, error = waves_["training"], forecast_["training"]

    assert ["passed"] * 5 == checks(waves_) == checks(forecast_)
    assert accuracy["accuracy"]["test"] >= accuracy["threshold"] > 0.5
    assert [400] == [sum(map(sum, accuracy["confusion"]))]
    assert {"train": None, "valid": None, "test": None} == error["accuracy"]
    assert 0 < error["loss"]["test"] <= error["threshold"]
    assert ([], [], []) == (error["confusion"], error["wrong"], error["history"]["accuracy"])
    told = forecast_["checks"][4]["message"]
    assert re.fullmatch(
        r"Test error [\d.]+ \(mean squared error\), at most the [\d.]+ allowed\.", told
    )
    assert "For each example it gives 1 finite number." == forecast_["checks"][2]["message"]


def test_wrong_layers_and_a_large_error_do_not_pass(graded: Graded) -> None:
    """A network of other layers is not trained; one that learns nothing has too large an error."""
    assert ["passed", "failed", "skipped", "skipped", "skipped"] == checks(
        graded.part("wrong", "waves")
    )
    assert "units" == graded.part("wrong", "forecast")["hints"][0]["rule"]
    part = graded.part("slow", "forecast")
    assert ["passed"] * 4 + ["failed"] == checks(part)
    assert part["training"]["loss"]["test"] > part["training"]["threshold"]
    assert re.search(r"Test error .*, above the [\d.]+ allowed", part["checks"][4]["message"])
    assert ["below-threshold"] == [hint["rule"] for hint in part["hints"]]


def test_results_of_own_data_are_valid(graded: Graded) -> None:
    """They are of format 1, with all of its keys."""
    schema = json.loads(SCHEMA.read_bytes())

    jsonschema.validate(graded.results, schema, jsonschema.Draft202012Validator)


def test_pages_speak_of_what_a_part_tells(graded: Graded) -> None:
    """Classes by the names in the file, errors and not accuracies, and no faces."""
    page = graded.page("right")
    _, waves_, forecast_ = re.split(r'<section class="card part" id="(?:waves|forecast)"', page)

    assert "own data set waves.npz" in waves_
    assert "sawtooth" in waves_
    assert "What was taken for what" in waves_
    assert "one probability per class" in waves_
    assert "Test error allowed" in forecast_
    assert "Error by epoch" in forecast_
    assert "ccuracy" not in forecast_.partition("</section>")[0]
    assert "data:image/png" not in page
    assert "eight invented faces" not in page
    overview = (graded.out / "index.html").read_text("utf-8")
    assert "test error: the smaller, the better" in overview


def test_pages_are_written_again_from_the_gradebook(clone: Clone, graded: Graded) -> None:
    """What a part tells is kept with its grade."""
    before = graded.page("slow")
    (graded.out / "students" / "slow" / "index.html").unlink()

    assert 0 == clone.grader("report", graded.out).returncode
    assert before == graded.page("slow")


def test_exports_name_the_error(clone: Clone, graded: Graded) -> None:
    """A check of an error has its own name in formats of single tests."""
    assert 0 == clone.grader("export", "junit", graded.out, "-o", "junit.xml").returncode
    names = (clone.root / "junit.xml").read_text("utf-8")

    assert "forecast: The test error is small enough" in names
    assert "waves: The test accuracy reaches the threshold" in names


@pytest.mark.parametrize(
    ("part", "last_check", "progress"),
    [
        ("forecast", "The test error is small enough", r"error [\d.]+, \d+ s left"),
        pytest.param(
            *("waves", "The test accuracy reaches the threshold", r"loss [\d.]+, accuracy [\d.]+"),
            # Repeats it for classes, which tests/pytest_plugin has with the course's parts.
            marks=pytest.mark.nightly,
        ),
    ],
    ids=["forecast", "waves"],
)
def test_pytest_grades_the_same_way(
    clone: Clone, part: str, last_check: str, progress: str
) -> None:
    """The stub filled in passes, with the training and the sentence of its error."""
    stub = clone.sheet / f"{part}.py"
    stub.write_text(clone.solution(part), "utf-8")
    ran = clone.run(
        *("-m", "pytest", "-p", "no:cacheprovider", "-rA", "--rootdir", clone.root, stub),
        # On one core it would find what the class has trained.
        cache="cache_of_pytest",
    )

    assert 0 == ran.returncode, ran.stdout + ran.stderr
    assert "5 passed" in ran.stdout
    assert last_check in ran.stdout
    assert re.search(rf"epoch \d+ of \d+, {progress}", ran.stdout)
    assert "1 of 1 done" in ran.stdout


# Repeats tests/notebook/test_execution.py with a part that tells a number.
@pytest.mark.nightly
def test_a_notebook_grades_the_same_way(
    clone: Clone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cell trains on the part's data and shows its error, while it runs and afterwards."""
    monkeypatch.setenv("PYTHONPATH", str(clone.root))
    monkeypatch.setenv("GRADER_CACHE", str(tmp_path / "cache"))
    notebook = nbformat.v4.new_notebook()
    for name, code in (
        ("import", "from grader.notebook import compare, train"),
        ("part", f"# part: forecast\n{clone.solution('forecast')}"),
        ("train", 'train("forecast", build_model)'),
        ("compare", "compare()"),
    ):
        notebook.cells.append(nbformat.v4.new_code_cell(code, id=name))
    done = making.run(notebook, tmp_path)

    assert "+ The test error is small enough: passed" in making.texts(done, "train")
    (shown,) = making.outputs(done, "train")
    assert "Error by epoch" in shown["data"]["text/html"]
    assert "+ forecast passed" in making.texts(done, "compare")


def test_calibration_of_an_error_is_bounded_above(clone: Clone) -> None:
    """Ten seeds write the largest error that is allowed; what should not pass lies above it."""
    toml = clone.sheet / "sheet.toml"
    quick, whole = toml.read_text("utf-8"), (SHEET / "sheet.toml").read_text("utf-8")
    # By the whole protocol, so that these trainings are known: the sheet brings their results.
    without, num = re.subn(r"threshold = 0\.0\d+", "threshold = 1.0", whole)
    toml.write_text(without, "utf-8")
    ran = clone.grader("calibrate", "forecast", "--choice-seeds", "1")
    kept = {part.id: part.calibration_for("") for part in load_sheet(clone.sheet).parts}
    toml.write_text(quick, "utf-8")

    assert 1 == num
    assert 0 == ran.returncode, ran.stdout + ran.stderr
    row = re.search(r"\| reference +\| 10 +\| ([\d.]+) +\| [\d.]+ +\| (\S+) ", ran.stdout)
    assert row is not None, ran.stdout
    assert float(row[1]) < float(row[2])
    assert kept["forecast"] is not None
    threshold = kept["forecast"].threshold
    assert float(row[2]) <= threshold < 1.0
    assert f"The threshold is {threshold:g} (mean squared error): the highest bound" in ran.stdout
    wrong = re.findall(r"\| (?:untrained|always the mean) +\| ([\d.]+) ", ran.stdout)
    assert 2 == len(wrong)
    assert min(map(float, wrong)) > threshold
    assert f"Written to {toml}." in ran.stdout


def test_the_samples_data_is_what_the_script_generates() -> None:
    """The committed files are those of the seed."""
    for name, made in (("waves", waves()), ("forecast", forecast())):
        with np.load(SHEET / f"{name}.npz") as kept:
            assert set(kept) == set(made)
            for key, values in made.items():
                np.testing.assert_array_equal(values, kept[key])


def test_the_samples_thresholds_are_for_their_data() -> None:
    """Both parts have one, of ten seeds or more, for the files beside the sheet."""
    parts = {part.id: part for part in load_sheet(SHEET).parts}
    found = {part: parts[part].calibration_for("") for part in WRONG}

    assert all(one is not None and one.num_seeds >= 10 for one in found.values())


@pytest.mark.parametrize(
    ("break_it", "told"),
    [
        (
            lambda arrays: arrays | {"y_test": np.full(400, 3)},
            "found labels from 3 to 3, expected 0",
        ),
        (lambda arrays: arrays | {"x_test": arrays["x_test"] * np.nan}, "no finite numbers"),
    ],
    ids=["label", "nan"],
)
def test_broken_data_is_the_authors_fault(
    clone: Clone,
    tmp_path: Path,
    break_it: Callable[[dict[str, np.ndarray]], dict[str, np.ndarray]],
    told: str,
) -> None:
    """Before anything is graded: exit code 2, with the file, the array and what was found."""
    kept = (clone.sheet / "waves.npz").read_bytes()
    (tmp_path / "waves.py").write_text(clone.solution("waves"), "utf-8")
    np.savez(clone.sheet / "waves.npz", allow_pickle=False, **break_it(waves()))
    ran = clone.grader("grade", tmp_path / "waves.py", "-o", tmp_path / "out")
    (clone.sheet / "waves.npz").write_bytes(kept)

    assert 2 == ran.returncode
    assert "data of waves" in ran.stderr
    assert told in ran.stderr
