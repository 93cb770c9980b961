"""However a run ends, no process of it is left behind; and runs on several xdist workers."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.pytest_plugin.conftest import MakeProject, Project

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="finds processes in /proc"),
]

EPOCHS = 100_000
# Whatever --timeout says, a busy machine may take its time until the training begins.
LONG_TRAINING = f"""
from dataclasses import replace
import pytest
from grader.batch import desk

def longer(part):
    return replace(part, protocol=replace(part.protocol, epochs={EPOCHS}))

sheets = [replace(s, parts=tuple(map(longer, s.parts))) for s in desk.load_sheets()]
desk.load_sheets = lambda: sheets

def pytest_collection_modifyitems(items):
    for item in items:
        if item.name != "The training finishes":
            item.add_marker(pytest.mark.timeout(300))
"""
ENDLESS = """\
import keras

def build_model():
    while True:
        pass
"""
STUBBORN = """\
import os
import signal
import time

for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
    signal.signal(number, signal.SIG_IGN)

def build_model():
    while True:
        try:
            if os.fork() == 0:
                os.setsid()
                time.sleep(600)
        except OSError:
            pass  # refused, where the sandbox is a full one
        time.sleep(1)
"""


@pytest.fixture(scope="module")
def endless_training(make_project: MakeProject) -> Project:
    """A project in which the training of fc_a takes hours, and an epoch of it no time."""
    project = make_project()
    project.solve("fc_a")
    with (project.folder / "conftest.py").open("a", encoding="utf-8") as conftest:
        conftest.write(LONG_TRAINING)
    return project


@pytest.mark.parametrize(
    ("code", "method"),
    [
        pytest.param(ENDLESS, "thread", id="endless", marks=pytest.mark.nightly),
        pytest.param(STUBBORN, "signal", id="stubborn"),
    ],
)
def test_timeout_in_build_model(make_project: MakeProject, code: str, method: str) -> None:
    """pytest-timeout ends a build_model() that does not end, and all that it started."""
    project = make_project()
    project.fill("fc_a", code)

    ran = project.run(
        "exercises/faces_fc/fc_a.py", "-k", "loads", "--timeout=8", f"--timeout-method={method}"
    )

    assert [] == project.processes_after(30)
    assert 1 == ran.code
    assert "Timeout" in ran.out
    # A thread ends pytest itself, which says nothing more.
    is_told = "fc_a was stopped before this check was done." in ran.out
    assert is_told is (method == "signal")


# Ctrl-C ends a training in `make test`, a timeout a build_model().
@pytest.mark.nightly
@pytest.mark.parametrize("method", ["signal", "thread"])
def test_timeout_in_training(endless_training: Project, method: str) -> None:
    """pytest-timeout ends a training in the middle, and its process."""
    ran = endless_training.run(
        *("exercises/faces_fc/fc_a.py", "-x"),
        *("--timeout=20", f"--timeout-method={method}"),
    )

    assert [] == endless_training.processes_after(30)
    assert 1 == ran.code
    assert "Timeout" in ran.out
    assert ran.lines(f"fc_a: epoch 5 of {EPOCHS}")
    assert not ran.lines(f"fc_a: epoch {EPOCHS} of {EPOCHS}")


def test_ctrl_c_in_training(endless_training: Project) -> None:
    """Progress comes through a pipe at once; Ctrl-C ends the training and all its processes."""
    process = endless_training.start("exercises/faces_fc/fc_a.py", "-s")
    assert process.stdout is not None
    told = []
    for line in process.stdout:
        told.append(line)
        if f"fc_a: epoch 5 of {EPOCHS}" in line:
            break
    running = endless_training.processes()

    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=120)

    assert len(running) >= 3, "".join(told)
    assert [] == endless_training.processes_after(30)
    assert 2 == process.returncode
    assert "KeyboardInterrupt" in out


def test_killed_pytest_takes_its_processes_along(endless_training: Project) -> None:
    """Even where pytest is killed without a chance to clean up, nothing of it goes on."""
    process = endless_training.start("exercises/faces_fc/fc_a.py")
    assert process.stdout is not None
    for line in process.stdout:
        if f"fc_a: epoch 5 of {EPOCHS}" in line:
            break

    process.kill()
    process.communicate(timeout=120)

    assert [] == endless_training.processes_after(30)


def test_two_xdist_workers(make_project: MakeProject) -> None:
    """With -n 2 a part stays on one worker, and the closing lines know of all parts."""
    project = make_project()
    project.solve("fc_a")
    project.solve("fc_b")
    project.fill("cnn_a", "import keras\nprint('hello')\nbuild_model = None\n")

    ran = project.run("exercises", "-n", "2", "-v")

    workers: dict[str, set[str]] = {}
    for line in ran.lines("[gw", ".py::"):
        worker = line.partition("]")[0]
        part = line.partition(".py::")[0].rpartition("/")[2]
        workers.setdefault(part, set()).add(worker)
    assert ["cnn_a", "cnn_b", "cnn_c", "fc_a", "fc_b"] == sorted(workers)
    assert {1} == {len(used) for used in workers.values()}
    assert 2 == len(set.union(*workers.values()))
    assert ran.lines("2 of 5 done")
    assert ran.lines("Next:", "cnn_a.py")
    assert ran.lines("hello")
    assert (project.folder / "report" / "index.html").exists()
    assert 1 == ran.code
    assert [] == project.processes_after(30)
    kept = [
        json.loads(file.read_bytes())["threads"]
        for file in (project.folder / "cache" / "trainings").glob("*.json")
    ]
    assert 2 == len(kept)
    assert 1 == len(set(kept))


# Without workers: test_data_that_cannot_be_read_is_a_wrong_call.
@pytest.mark.nightly
def test_bad_data_on_xdist_workers(make_project: MakeProject) -> None:
    """With -n 2 a data file that is none is told in one sentence as well."""
    project = make_project()

    ran = project.run("exercises", "-n", "2", "--data", "conftest.py")

    assert 4 == ran.code
    (line,) = ran.lines("ERROR")
    assert "conftest.py" in line
    assert [] == project.processes_after(30)
