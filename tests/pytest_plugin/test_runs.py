"""`pytest exercises` as a student meets it: one run looked at from all sides, then others."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from grader.sandbox.rungs import means, sentence

if TYPE_CHECKING:
    from tests.pytest_plugin.conftest import MakeProject, Project, Ran

pytestmark = pytest.mark.slow

SENTENCES = [
    "The file gives a network",
    "The layers match the table",
    "The output is one probability per person",
    "The training finishes",
    "The test accuracy reaches the threshold",
]
WRONG = """\
import os
import sys

print("pytest is loaded:", "pytest" in sys.modules, "its process:", os.environ.get("GRADER_DATA"))

import keras
from keras import layers

def build_model():
    print("\\x1b[31mbuilding\\x1b[0m")
    return keras.Sequential(
        [
            keras.Input((6912,)),
            layers.Dense(400), layers.Activation("relu"),
            layers.Dense(300), layers.Activation("relu"),
            layers.Dense(8), layers.Activation("softmax"),
        ]
    )
"""
PRINTS = "\nprint('fine so far')\n"
STARTED = "a process was started"
STARTS_NOTHING = f"""
from grader.sandbox.launcher import Sandbox
from grader.training.worker import Worker

def refuse(self, *rest):
    raise SystemError("{STARTED}")

Sandbox.start = Sandbox.describe = Worker.start = Worker.train = refuse
"""
LEAVES = """\
import sys

print("leaving now")
sys.exit(3)
"""


@dataclass(frozen=True)
class Morning:
    """A student's first runs: fc_a right, fc_b with wrong units, cnn_a that leaves Python."""

    project: Project
    first: Ran
    unchanged: Ran
    changed: Ran
    chosen: Ran
    second: Ran


@pytest.fixture(scope="module")
def morning(make_project: MakeProject) -> Morning:
    """All exercises, twice where nothing may start, two checks of the right one, its file alone."""
    project = make_project()
    project.fill("fc_a", project.solution("fc_a") + PRINTS)
    project.fill("fc_b", WRONG)
    project.fill("cnn_a", LEAVES)
    first = project.run("exercises", "-v", "--junitxml=junit.xml")
    conftest = project.folder / "conftest.py"
    own = conftest.read_text("utf-8")
    conftest.write_text(own + STARTS_NOTHING, "utf-8")
    unchanged = project.run("exercises", "-v")
    project.fill("fc_b", WRONG + " ")
    changed = project.run("exercises", "-v")
    conftest.write_text(own, "utf-8")
    chosen = project.run("exercises", "-k", "fc_a and (loads or probability)")
    second = project.run("exercises/faces_fc/fc_a.py", "-v")
    return Morning(project, first, unchanged, changed, chosen, second)


def results(ran: Ran, part: str) -> list[str]:
    """The words that stand at the end of the part's lines in a verbose run, in their order."""
    pattern = rf"{part}\.py::(?:{'|'.join(SENTENCES)}) (PASSED|FAILED|SKIPPED)"
    return re.findall(pattern, ran.out)


def junit(morning: Morning) -> ET.Element:
    """The suite of the first run's junit file."""
    file = morning.project.folder / "junit.xml"
    suite = ET.parse(file).find("testsuite")  # noqa: S314 - our own pytest wrote it
    assert suite is not None
    return suite


def test_every_check_is_an_item(morning: Morning) -> None:
    """Each part has one item per check, named as a sentence, parts in the order of the sheets."""
    tests = junit(morning).findall("testcase")
    names = [(test.get("classname", "").rpartition(".")[2], test.get("name")) for test in tests]

    parts = ["fc_a", "fc_b", "cnn_a", "cnn_b", "cnn_c"]
    assert [(part, sentence) for part in parts for sentence in SENTENCES] == names


def test_right_part_passes_all_its_checks(morning: Morning) -> None:
    """The right network passes; accuracy has no threshold on this data and is skipped."""
    assert [*["PASSED"] * 4, "SKIPPED"] == results(morning.first, "fc_a")


def test_training_shows_its_progress(morning: Morning) -> None:
    """While it trains, epoch, loss, accuracies and the time left are told."""
    shown = morning.first.lines("fc_a: epoch ")

    assert "epoch 5 of 30" in shown[0]
    assert "epoch 30 of 30" in shown[-1]
    for word in ("loss", "accuracy", "valid", "left"):
        assert word in shown[0]


def test_wrong_part_shows_the_difference(morning: Morning) -> None:
    """The failure is the aligned table with the first difference marked, and the hint; no code."""
    ran = morning.first

    assert ["PASSED", "FAILED", *["SKIPPED"] * 3] == results(ran, "fc_b")
    (first,) = ran.lines(">! 3", "Dense")
    assert ["200", "300"] == re.findall(r"Dense +(\d+) ", first)
    (hint,) = {line.strip() for line in ran.lines("Hint:", "units")}
    assert "300" in hint
    assert "200" in hint
    assert [] == ran.lines("Error")
    assert [] == ran.lines("runtest")


def test_part_that_leaves_python_fails_alone(morning: Morning) -> None:
    """sys.exit() in a part file fails that part and ends neither pytest nor the other parts."""
    assert ["FAILED", *["SKIPPED"] * 4] == results(morning.first, "cnn_a")
    assert ["SKIPPED"] * 5 == results(morning.first, "cnn_c")
    assert morning.first.lines("exit()")


def test_own_print_is_shown_with_the_failure(morning: Morning) -> None:
    """What the student printed stands with the check that failed, without terminal codes."""
    assert 1 == len(morning.first.lines("leaving now"))
    assert ["building"] == morning.first.lines("building")
    assert [] == morning.first.lines("fine so far")


def test_nothing_of_the_students_runs_in_pytest(morning: Morning) -> None:
    """A part file runs in a process without pytest and without pytest's environment."""
    (line,) = morning.first.lines("pytest is loaded:")

    assert "pytest is loaded: False its process: None" == line


def test_end_of_a_run_has_one_next_step(morning: Morning) -> None:
    """The closing lines count what is done, name the next step and where the report is."""
    ran = morning.first

    assert 1 == len(ran.lines("1 of 5 done"))
    (step,) = ran.lines("Next: ")
    assert "fc_b, row 3" in step
    assert [f"Report: {morning.project.folder / 'report' / 'index.html'}"] == ran.lines("Report:")
    assert 1 == ran.code


def test_unchanged_part_is_not_trained_again(morning: Morning) -> None:
    """The next run takes the numbers from the cache: it passes, and no epoch goes by."""
    trainings = list((morning.project.folder / "cache" / "trainings").glob("*.json"))

    assert [*["PASSED"] * 4, "SKIPPED"] == results(morning.second, "fc_a")
    assert [] == morning.second.lines("fc_a: epoch")
    assert 1 == len(trainings)


def test_unchanged_files_are_told_without_any_process(morning: Morning) -> None:
    """Neither the sandbox nor the worker starts, and what it says is the same."""
    for part in ("fc_a", "fc_b", "cnn_a", "cnn_b", "cnn_c"):
        assert results(morning.unchanged, part) == results(morning.first, part)
    assert morning.unchanged.lines("400", "different") == morning.first.lines("400", "different")
    assert [] == morning.unchanged.lines(STARTED)
    # A blank more is another file.
    assert morning.changed.lines(STARTED)


def test_report_is_of_the_last_run(morning: Morning) -> None:
    """The page that the closing lines name holds the part of the last run, and what confined it."""
    page = (morning.project.folder / "report" / "index.html").read_text("utf-8")

    assert f"<dd>{sentence(means())}</dd>" in page
    assert "fc_a" in page
    assert "fc_b" not in page


def test_named_file_is_graded_and_not_imported(morning: Morning) -> None:
    """The path of a part file gives its five checks and nothing else; all done is exit code 0."""
    assert 1 == len(morning.second.lines("4 passed, 1 skipped in"))
    assert 1 == len(morning.second.lines("1 of 1 done"))
    assert 0 == morning.second.code


def test_junit_has_failures_and_skips(morning: Morning) -> None:
    """The junit file holds the failure's text and the reasons of what was not checked."""
    suite = junit(morning)

    counts = {name: suite.get(name) for name in ("tests", "errors", "failures", "skipped")}
    # fc_a: accuracy; fc_b: 3 after the failure; cnn_a: 4; cnn_b and cnn_c: all 10
    assert {"tests": "25", "errors": "0", "failures": "2", "skipped": "18"} == counts
    texts = [failure.text or "" for failure in suite.iter("failure")]
    assert ["units" in text for text in texts] == [True, False]


def test_untouched_stubs_are_no_success(make_project: MakeProject) -> None:
    """Where nothing is written yet nothing fails, all is skipped, and the exit code is 1."""
    ran = make_project().run("exercises/faces_fc")

    assert 1 == ran.code
    assert 1 == len(ran.lines("10 skipped in"))
    assert 1 == len(ran.lines("0 of 2 done"))
    (step,) = ran.lines("Next: ")
    assert "fc_a" in step
    assert [] == ran.lines("FAILED")


def test_x_stops_and_s_shows(make_project: MakeProject) -> None:
    """-x ends the run at the first check that fails, -s shows what a passing file printed.

    A training that --no-train leaves out is no failure.
    """
    project = make_project()
    project.fill("fc_a", project.solution("fc_a") + PRINTS)
    project.fill("fc_b", LEAVES)

    ran = project.run("exercises", "-x", "--no-train", "-s")

    assert 1 == ran.code
    assert 1 == len(ran.lines("1 failed, 3 passed, 2 skipped"))
    assert 1 == len(ran.lines("1 of 2 done"))
    assert [] == ran.lines(": epoch")
    assert 1 == len(ran.lines("fine so far"))


def test_k_chooses_checks(morning: Morning) -> None:
    """-k finds checks by part, check and word; checks not asked for are not held against it."""
    assert 1 == len(morning.chosen.lines("2 passed, 23 deselected"))
    assert 0 == morning.chosen.code


def test_data_that_cannot_be_read_is_a_wrong_call(make_project: MakeProject) -> None:
    """A data file that is none is told in one sentence, before anything is checked."""
    ran = make_project().run("exercises", "--data", "conftest.py")

    assert 4 == ran.code
    (line,) = ran.lines("ERROR")
    assert "conftest.py" in line
    assert [] == ran.lines("Traceback")


def test_unknown_kernels_are_a_wrong_call(make_project: MakeProject) -> None:
    """Kernels that there are not are told before anything is checked."""
    project = make_project()
    with (project.folder / "conftest.py").open("a", encoding="utf-8") as conftest:
        conftest.write('import os\n\nos.environ["GRADER_KERNELS"] = "Keras"\n')

    ran = project.run("exercises")

    assert 4 == ran.code
    (line,) = ran.lines("ERROR")
    assert "it can only be fast or keras" in line
    assert [] == ran.lines("Traceback")


def test_lost_worker_is_not_the_students_fault(make_project: MakeProject) -> None:
    """Where the grader's own process is lost, that is said in a sentence, once, and not passed."""
    project = make_project()
    project.solve("fc_a")
    with (project.folder / "conftest.py").open("a", encoding="utf-8") as conftest:
        conftest.write(
            "from grader.errors import GraderError\n"
            "from grader.training.worker import Worker\n"
            "def lost(*_): raise GraderError('The worker was lost.')\n"
            "Worker.train = lost\n"
        )

    ran = project.run("exercises/faces_fc/fc_a.py", "-v")

    assert [*["PASSED"] * 3, "FAILED", "SKIPPED"] == results(ran, "fc_a")
    assert 1 == len(ran.lines("The worker was lost."))
    assert ran.lines("Next: There is nothing for you to do")
    assert [] == ran.lines("raise GraderError")
    assert 1 == ran.code
