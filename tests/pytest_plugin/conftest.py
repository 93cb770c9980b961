"""A student's copy of the project, in which real pytest runs grade the exercises."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.ctrl_c import take_ctrl_c
from tests.noise import write_noise

ROOT = Path(__file__).parents[2]
# Settings of the pytest that runs these tests are not those of the student's.
FOREIGN = ("PYTEST_", "COV_", "GRADER_", "PYTHONUNBUFFERED")


@dataclass(frozen=True)
class Ran:
    """What a finished pytest said, its exit code, and how long it took."""

    code: int
    out: str
    seconds: float

    def lines(self, *words: str) -> list[str]:
        """The lines of the output in which all these words stand."""
        return [line for line in self.out.splitlines() if all(word in line for word in words)]


@dataclass(frozen=True)
class Project:
    """A folder with exercises/ and solutions/, a cache of its own and quick data."""

    folder: Path
    data_file: Path

    def fill(self, part: str, code: str) -> None:
        """Write what the student hands in for a part."""
        self.file(part).write_text(code, "utf-8")

    def solve(self, part: str) -> None:
        """Hand in the solution."""
        self.fill(part, self.solution(part))

    def solution(self, part: str) -> str:
        """The text of the solution."""
        path = self.file(part).relative_to(self.folder / "exercises")
        return (self.folder / "solutions" / path).read_text("utf-8")

    def file(self, part: str) -> Path:
        """The stub's path."""
        return self.folder / "exercises" / f"faces_{part.partition('_')[0]}" / f"{part}.py"

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """A pytest in the folder, in a session of its own, as from a terminal."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(FOREIGN)}
        (self.folder / "tmp").mkdir(exist_ok=True)
        own = {
            "GRADER_CACHE": str(self.folder / "cache"),
            "GRADER_DATA": str(self.data_file),
            "TMPDIR": str(self.folder / "tmp"),
            "COLUMNS": "100",
        }
        return subprocess.Popen(
            [sys.executable, "-m", "pytest", *arguments],
            cwd=self.folder,
            env=kept | own,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            preexec_fn=take_ctrl_c,  # noqa: PLW1509 - no thread of the tests' runs here
        )

    def run(self, *arguments: str) -> Ran:
        """Run pytest with these arguments to its end."""
        started = time.monotonic()
        with self.start(*arguments) as process:
            try:
                out, _ = process.communicate(timeout=300)
            finally:
                process.kill()
        return Ran(process.returncode, out, time.monotonic() - started)

    def processes(self) -> list[str]:
        """The command lines of all processes that were started, however indirectly, in here.

        All of them, the sandbox too, have a folder below TMPDIR in their environment.
        """
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                environment = (process / "environ").read_bytes()
                if os.fsencode(self.folder / "tmp") in environment:
                    found.append((process / "cmdline").read_text("utf-8", "replace"))
            except OSError:
                continue
        return [command for command in found if command]

    def processes_after(self, seconds: float) -> list[str]:
        """Likewise, once there are none or so much time has passed."""
        deadline = time.monotonic() + seconds
        while (left := self.processes()) and time.monotonic() < deadline:
            time.sleep(0.1)
        return left


MakeProject = Callable[[], Project]


@pytest.fixture(scope="session")
def make_project(tmp_path_factory: pytest.TempPathFactory) -> MakeProject:
    """Return a function that copies the project."""

    def make() -> Project:
        folder = tmp_path_factory.mktemp("project").resolve()
        for name in ("exercises", "solutions"):
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pyc*"))
        for name in ("conftest.py", "pyproject.toml"):
            shutil.copy(ROOT / name, folder)
        return Project(folder, write_noise(folder / "small.npz"))

    return make
