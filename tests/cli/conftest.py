"""The command line as a process of its own, with quick data, a class of three and one of eight."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from benchmarks.interrupted_class import Outcome, make_class, memory_mib, outcome_in, start
from grader.cli import main
from tests.noise import write_noise

RIGHT = """\
import keras
from keras import layers

def build_model():
    return keras.Sequential(
        [keras.Input((6912,)), layers.Dense(8), layers.Activation("softmax")]
    )

ANSWER = "Better than guessing."
"""
WRONG = RIGHT.replace("Dense(8)", "Dense(9)")


@dataclass(frozen=True)
class Ran:
    """What a finished command said, and its exit code."""

    code: int
    out: str
    err: str


Grader = Callable[..., Ran]


@pytest.fixture(scope="session")
def data_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Noise for eight persons, of the size of the course's images, few enough to train at once."""
    return write_noise(tmp_path_factory.mktemp("data") / "small.npz")


@pytest.fixture(scope="session")
def grader(data_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Grader:
    """Return a function that runs `grader` with these arguments, on the small data set."""
    cache = tmp_path_factory.mktemp("cache")

    def run(*arguments: str | Path) -> Ran:
        done = subprocess.run(
            [sys.executable, "-c", "from grader.cli import main; main()", *map(str, arguments)],
            env={**os.environ, "GRADER_DATA": str(data_file), "GRADER_CACHE": str(cache)},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def called(
    data_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Grader:
    """Return a function that runs `grader` in this process: for what is over without any work."""
    monkeypatch.setenv("GRADER_DATA", str(data_file))

    def call(*arguments: str | Path) -> Ran:
        monkeypatch.setattr(sys, "argv", ["grader", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return Ran(int(ended.value.code or 0), said.out, said.err)

    return call


@dataclass(frozen=True)
class ClassRun:
    """A class that was graded: what was said, the folder of results, results.json read."""

    ran: Ran
    out: Path
    results: dict[str, Any]


@pytest.fixture(scope="session")
def class_run(grader: Grader, tmp_path_factory: pytest.TempPathFactory) -> ClassRun:
    """Three students with part fc_a: right, wrong, and the stub as it was; trained for real."""
    folder = tmp_path_factory.mktemp("class")
    stub = Path(__file__).parents[2] / "exercises" / "faces_fc" / "fc_a.py"
    codes = {"right": RIGHT, "wrong": WRONG, "stub": stub.read_text("utf-8")}
    for name, code in codes.items():
        (folder / "in" / name).mkdir(parents=True)
        (folder / "in" / name / "fc_a.py").write_text(code, "utf-8")
    # One after the other: two at a time would each start processes of their own.
    ran = grader("grade", folder / "in", "-o", folder / "out", "--part", "fc_a", "--jobs", "1")
    results = json.loads((folder / "out" / "results.json").read_bytes())
    return ClassRun(ran, folder / "out", results)


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    """Return a function that writes fc_a.py of a single submission and gives its path."""

    def _write(code: str) -> Path:
        path = tmp_path / "doe_jane" / "fc_a.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(code, "utf-8")
        return path

    return _write


@dataclass(frozen=True)
class Class:
    """A class with a folder for results and a cache of its own."""

    submissions: Path
    out: Path
    cache: Path
    data: Path

    def start(self, *options: str) -> subprocess.Popen[bytes]:
        """The grader at work on it."""
        return start(self.submissions, self.out, self.cache, ["--data", str(self.data), *options])

    def await_in_log(self, word: str, process: subprocess.Popen[bytes]) -> None:
        """Wait until the word stands in the log; the process has to be at work until then."""
        while not self.is_in_log(word):
            assert process.poll() is None
            time.sleep(0.02)

    def is_in_log(self, word: str) -> bool:
        """Whether the word stands in the log by now."""
        path = self.out / "grader.log"
        return path.exists() and word in path.read_text("utf-8")


@pytest.fixture(scope="session")
def submissions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight students: three right ones with two different networks, five who are not."""
    folder = tmp_path_factory.mktemp("class") / "in"
    make_class(folder, 8)
    return folder


@pytest.fixture
def class_(submissions: Path, data_file: Path, tmp_path: Path) -> Class:
    """Those students, with nothing graded yet."""
    return Class(submissions, tmp_path / "out", tmp_path / "cache", data_file)


@pytest.fixture(scope="session")
def folder_in_peace(
    submissions: Path, data_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The folder of the class, graded in peace; memory was within bounds all the time."""
    folder = tmp_path_factory.mktemp("undisturbed")
    one = Class(submissions, folder / "out", folder / "cache", data_file)
    process = one.start("--jobs", "2")
    most = 0.0
    while process.poll() is None:
        most = max(most, memory_mib(process.pid))
        time.sleep(0.2)
    assert 0 == process.returncode
    assert 0 < most < 2.5 * 1024
    return one.out


@pytest.fixture(scope="session")
def undisturbed(folder_in_peace: Path) -> Outcome:
    """What the class comes to in peace."""
    return outcome_in(folder_in_peace)
