"""`grader package`: wrong calls, and an autograder that runs as on Gradescope, unpacked and all."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Grader

ROOT = Path(__file__).parents[2]
SOLUTIONS = ROOT / "solutions" / "faces_fc"
# Hides bubblewrap from what is run, as where a container allows no namespaces of its own.
WITHOUT_NAMESPACES = 'mount --bind /dev/null "$(command -v bwrap)" && exec "$@"'
# Its network has one unit too many, and another one for each thing that it got.
HOSTILE = """\
import os
import signal

import keras

ROOT = {root!r}
got = []


def attempt(act):
    try:
        got.append(act())
    except OSError:
        pass


for path in (
    f"{{ROOT}}/submission_metadata.json",
    f"{{ROOT}}/source/package.json",
    f"{{ROOT}}/source/data_set.npz",
    f"{{ROOT}}/source/project/exercises/faces_fc/fc_b.txt",
    f"{{ROOT}}/submission/my work/fc_a.py",
    {solution!r},
):
    attempt(lambda: open(path, "rb").read(1))
attempt(lambda: os.listdir(f"{{ROOT}}/source/cache/trainings"))
attempt(lambda: open(f"{{ROOT}}/results/results.json", "w"))
attempt(lambda: os.kill(os.getppid(), signal.SIGKILL))
attempt(lambda: os.kill(-1, signal.SIGKILL))


def build_model():
    layers = [keras.Input((6912,)), keras.layers.Dense(401 + len(got))]
    return keras.Sequential([*layers, keras.layers.Activation("relu")])
"""


@dataclass(frozen=True)
class Autograder:
    """An autograder's folder, with the package in it set up."""

    root: Path

    def run(self, **files: str) -> tuple[dict[str, Any], str]:
        """results.json for these files in a folder of the student's, and what is printed."""
        folder = self.root / "submission" / "my work"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name, code in files.items():
            (folder / f"{name}.py").write_text(code, "utf-8")
        command = [str(self.root / "run_autograder")]
        if os.geteuid() == 0:
            command = ["unshare", "--mount", "sh", "-c", WITHOUT_NAMESPACES, "sh", *command]
        done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
        results = json.loads((self.root / "results" / "results.json").read_bytes())
        return results, done.stdout + done.stderr


@pytest.fixture(scope="module")
def autograder(grader: Grader, tmp_path_factory: pytest.TempPathFactory) -> Autograder:
    """The first sheet's, on the small data set; its Python is the one that runs these tests."""
    root = tmp_path_factory.mktemp("autograder")
    package = root / "autograder.zip"
    ran = grader("package", "gradescope", "-o", package, "--sheet", "faces_fc")
    assert 0 == ran.code, ran.err
    assert "It gives 6 points" in ran.out  # this data set has no threshold: no accuracy
    assert "choose 3 GB" in ran.out
    for name in ("source", "submission"):
        (root / name).mkdir()
    # The modes of a zip are kept by unzip, not by Python.
    with zipfile.ZipFile(package) as archive:
        names = archive.namelist()
        # Two networks for each part, trained by this command or by tests before.
        assert 4 == sum(name.startswith("cache/trainings/") for name in names), names
        for info in archive.infolist():
            Path(archive.extract(info, root / "source")).chmod(info.external_attr >> 16)
    (root / "source" / "python").write_text(f"{sys.executable}\n", "utf-8")
    shutil.copy(root / "source" / "run_autograder", root)
    metadata = {
        "id": 123,
        "users": [{"name": "Jane Doe", "email": None}],
        "assignment": {"total_points": "20.0"},
    }
    (root / "submission_metadata.json").write_text(json.dumps(metadata), "utf-8")
    return Autograder(root)


@pytest.mark.slow
def test_right_and_hostile_part(autograder: Autograder) -> None:
    """A right part has all points without any training; one that reaches for more gets nothing.

    The package has the results of the solution and of the same with Keras' own initial weights.
    """
    right = (SOLUTIONS / "fc_a.py").read_text("utf-8")
    assert ', kernel_initializer="he_normal"' in right
    hostile = HOSTILE.format(root=str(autograder.root), solution=str(SOLUTIONS / "fc_b.py"))
    results, printed = autograder.run(
        fc_a=right.replace(', kernel_initializer="he_normal"', ""), fc_b=hostile
    )

    assert "fc_a: passed, 3 of 3 points" in printed
    assert "is trained" not in printed
    tests = {test["number"]: test for test in results["tests"]}
    assert 3 == sum(tests[f"1.{check}"]["score"] for check in range(1, 6))
    assert "failed" == tests["2.2"]["status"]
    # Nothing was got, else they were more.
    assert "in row 1: Dense, 401 values" in tests["2.2"]["output"]
    assert "1 of 2 parts is done." == results["output"].splitlines()[0]
    assert results["score"] == sum(test["score"] for test in results["tests"])
    assert "123" == results["extra_data"]["submission"]
    assert "The assignment has 20 points, these sheets have 6." in printed
    assert 0 == (autograder.root / "results").stat().st_mode & 0o077


@pytest.mark.slow
def test_nothing_handed_in(autograder: Autograder) -> None:
    """No part is the student's affair: all is not attempted, and what was expected is told."""
    results, _ = autograder.run(homework="print('hello')")

    assert 0 == results["score"]
    assert "No part has been started yet." in results["output"]
    assert "fc_a.py" in results["output"]


@pytest.mark.slow
def test_python_is_lost(autograder: Autograder) -> None:
    """Where nothing can run at all, there are results nevertheless: that there are none."""
    python = autograder.root / "source" / "python"
    whole = python.read_text("utf-8")
    python.write_text("/absent\n", "utf-8")
    results, _ = autograder.run(fc_a="")
    python.write_text(whole, "utf-8")

    assert 0 == results["score"]
    assert "This is not your fault." in results["output"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["gradescope", "-o", "a.tar"], "a package is a zip"),
        (["classroom", "-o", "a.zip", "--sheet", "faces"], "The sheets are faces_fc, faces_cnn."),
    ],
)
def test_wrong_calls(called: Grader, arguments: list[str], said: str) -> None:
    """They end with 2, and say what would be right."""
    ran = called("package", *arguments)

    assert 2 == ran.code
    assert said in ran.err


def test_template(grader: Grader, tmp_path: Path) -> None:
    """Written in one piece in place of an older one; what is there of it is told."""
    target = tmp_path / "template.zip"
    target.write_bytes(b"older")
    ran = grader("package", "classroom", "-o", target, "--sheet", "faces_fc")

    assert (0, "") == (ran.code, ran.err)
    assert "with faces_fc" in ran.out
    assert zipfile.is_zipfile(target)
    assert [target] == list(tmp_path.iterdir())
