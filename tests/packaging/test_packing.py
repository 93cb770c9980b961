"""What is in a package: an allow-list of members, closed to others, the same bytes every time."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from importlib.metadata import requires
from pathlib import Path

import pytest
import yaml

from grader.errors import GraderError
from grader.packaging import project
from grader.packaging.classroom import template_zip
from grader.packaging.gradescope import ChosenData, autograder_zip
from grader.packaging.lock import shortened_lock
from grader.records import Sheet
from grader.sheets import load_sheets
from tests.training.test_cache import TRAINING

ROOT = Path(__file__).parents[2]
CODE = r"(grader|data)/([a-z_]+/)*[a-z0-9_]+\.(py|html|css|js|sh|yml|md)|(grader|data)/py\.typed"
EXERCISES = (
    r"exercises/(8_faces_overview\.ipynb|faces_fc/"
    r"(sheet\.toml|README\.md|fc_[ab]\.(py|txt|tips\.toml)|8_faces_only_fc\.ipynb))"
)
PROJECT = rf"{CODE}|{EXERCISES}|LICENSE|pyproject\.toml"
TEMPLATE = (
    rf"{PROJECT}|data/invented_faces\.npz|README\.md|requirements\.lock|conftest\.py"
    r"|\.git(attributes|ignore)|\.github/workflows/classroom\.yml|scripts/(setup|system-packages)"
)
AUTOGRADER = (
    rf"project/({PROJECT})|setup\.sh|run_autograder|no_results\.json|package\.json"
    r"|python_version|requirements\.lock|cache/trainings/[0-9a-z]+\.json"
)


@pytest.fixture(scope="module")
def sheet() -> Sheet:
    """The first sheet."""
    return load_sheets()[0]


@pytest.fixture(scope="module")
def template(sheet: Sheet) -> zipfile.ZipFile:
    """The template for Classroom with this sheet."""
    return opened(template_zip(ROOT, [sheet]))


@pytest.fixture(scope="module")
def autograder(sheet: Sheet) -> zipfile.ZipFile:
    """The package for Gradescope with this sheet, one result of a training, and own data."""
    return opened(packed(sheet, ChosenData(b"pictures", b"thresholds")))


def packed(sheet: Sheet, own: ChosenData | None) -> bytes:
    """An autograder's bytes."""
    return autograder_zip(ROOT, [sheet], [TRAINING], "d" * 64, own, minutes=10)


def opened(content: bytes) -> zipfile.ZipFile:
    """The archive of these bytes."""
    return zipfile.ZipFile(io.BytesIO(content))


def others(archive: zipfile.ZipFile, allowed: str) -> list[str]:
    """Members that are not on the list."""
    return [name for name in archive.namelist() if re.fullmatch(allowed, name) is None]


def mode(archive: zipfile.ZipFile, name: str) -> int:
    """What the system lets whom do with a member."""
    return archive.getinfo(name).external_attr >> 16


def test_template_holds_nothing_that_is_not_for_students(template: zipfile.ZipFile) -> None:
    """Every member is on the list: no solution, no test, no calibration, no results."""
    assert [] == others(template, TEMPLATE)
    texts = [template.read(name) for name in template.namelist() if name.endswith(".py")]
    solution = (ROOT / "solutions" / "faces_fc" / "fc_b.py").read_bytes()
    assert solution not in texts


def test_autograder_holds_no_solution_either(autograder: zipfile.ZipFile) -> None:
    """Grading needs tables and results of trainings; own data come with their thresholds."""
    own_data = {"data_set.npz", "data_set.npz.calibration.toml"}

    assert own_data == set(others(autograder, AUTOGRADER))
    assert "project/data/invented_faces.npz" not in autograder.namelist()
    assert TRAINING.key in autograder.read(f"cache/trainings/{TRAINING.key}.json").decode()


def test_all_of_the_grader_is_in_it(autograder: zipfile.ZipFile) -> None:
    """Each file that git knows in grader/ and data/ is there, but for the built-in pictures."""
    listed = subprocess.run(
        ["git", "-C", ROOT, "ls-files", "grader", "data"], capture_output=True, check=False
    )
    if listed.returncode:
        pytest.skip("no clone")
    known = {f"project/{name}" for name in listed.stdout.decode().splitlines()}

    missing = {name for name in known - set(autograder.namelist()) if (ROOT / name[8:]).exists()}
    assert {"project/data/invented_faces.npz"} == missing


def test_modes(autograder: zipfile.ZipFile, template: zipfile.ZipFile) -> None:
    """Students' code runs beside the autograder, which is closed to other users."""
    assert [] == [name for name in autograder.namelist() if mode(autograder, name) & 0o077]
    assert 0o700 == mode(autograder, "run_autograder") == mode(autograder, "setup.sh")
    assert 0o600 == mode(autograder, "package.json")
    assert 0o755 == mode(template, "scripts/setup")
    assert 0o644 == mode(template, "README.md")


def test_same_bytes(sheet: Sheet, autograder: zipfile.ZipFile) -> None:
    """Made twice of the same things, a package is the same; members are sorted, without dates."""
    own = ChosenData(b"pictures", None)

    assert packed(sheet, own) == packed(sheet, own)
    assert sorted(autograder.namelist()) == autograder.namelist()
    assert {(1980, 1, 1, 0, 0, 0)} == {info.date_time for info in autograder.infolist()}


def test_lock_is_what_grading_needs(autograder: zipfile.ZipFile) -> None:
    """With hashes, all that the project and its dependencies ask for, and nothing of developers."""
    lock = autograder.read("requirements.lock").decode()
    names = set(re.findall(r"^([a-z0-9-]+)==", lock, re.MULTILINE))

    assert {"keras", "tensorflow-cpu", "h5py", "click", "jinja2", "pyseccomp"} <= names
    assert {"mdurl", "markupsafe", "ml-dtypes"} <= names  # what these need in turn
    assert set() == names & {"ruff", "mypy", "selenium", "distributed", "hatchling", "uv"}
    assert all("--hash=sha256:" in entry for entry in re.split(r"\n(?=\S)", lock))
    assert "://" not in lock
    for name in ("keras", "rich", "matplotlib"):
        for needed in requires(name) or ():
            if "extra ==" not in needed:
                assert re.split(r"[^\w.-]", needed)[0].lower().replace("_", "-") in names


def test_lock_without_an_entry() -> None:
    """A dependency that the lock does not know is told with what mends it."""
    pyproject = '[project]\ndependencies = ["keras>=3", "absent"]'

    with pytest.raises(GraderError, match=r"no entry for absent\. `make lock`"):
        shortened_lock(pyproject, "keras==3.15.1 \\\n    --hash=sha256:00\n    # via x\n")


def test_programs_are_sound(autograder: zipfile.ZipFile, tmp_path: Path) -> None:
    """The shell takes both scripts, which name their interpreter; the workflow is YAML."""
    for name in ("setup.sh", "run_autograder"):
        script = tmp_path / name
        script.write_bytes(autograder.read(name))
        assert script.read_text("utf-8").startswith("#!/usr/bin/env bash\n")
        assert 0 == subprocess.run(["bash", "-n", script], check=False).returncode


def test_workflow_hands_the_result_to_the_reporter(template: zipfile.ZipFile) -> None:
    """The variable has the runner's name, as the reporter looks for it."""
    workflow = yaml.safe_load(template.read(".github/workflows/classroom.yml"))
    steps = workflow["jobs"]["grade"]["steps"]
    grade = next(step for step in steps if step.get("id") == "grader")
    reporter = steps[-1]

    assert "export classroom" in grade["run"]
    assert {"runners": "grader"} == reporter["with"]
    assert {"GRADER_RESULTS": "${{ steps.grader.outputs.result }}"} == reporter["env"]


def test_calibrations_stay_here(sheet: Sheet) -> None:
    """What trainings of a calibration reached lies beside the sheet, and is left there."""
    assert (sheet.folder / "calibration.jsonl").is_file()
    assert not [path for path in project.exercises(ROOT, [sheet]) if "calibration" in path]
