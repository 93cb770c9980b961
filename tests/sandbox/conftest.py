"""A warm sandbox for the tests of the describe step, and the grader for an ordinary user."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from grader.sandbox.jobs import Ending, Job, Limits
from grader.sandbox.launcher import Sandbox
from grader.sandbox.rungs import Means

HEAD = """\
import keras
import tensorflow as tf
from keras import layers

def build_model():
"""

PROJECT = Path(__file__).resolve().parents[2]
# Nobody has this one; it is told from all others by its number.
ORDINARY_USER = 64897
STRICT = Limits(cpu_seconds=1, wall_seconds=8.0, reply_bytes=100_000, output_bytes=1000)
# For code of which none computes up to its limit; an honest file takes a part of a second.
SOON = replace(STRICT, wall_seconds=3.0)

Describe = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """A sandbox with the usual limits."""
    with Sandbox() as warm:
        yield warm


@pytest.fixture(scope="session")
def strict() -> Iterator[Sandbox]:
    """A sandbox with small limits, for code that runs into them."""
    with Sandbox(STRICT) as warm:
        yield warm


@pytest.fixture(scope="session")
def unconfined() -> Iterator[Sandbox]:
    """A sandbox with small limits and nothing else, as where the system has nothing to confine."""
    with Sandbox(SOON, found=Means("none", 0, "none")) as fresh:
        yield fresh


@pytest.fixture
def describe(sandbox: Sandbox) -> Describe:
    """The document for the text of a file (6 x 6 x 3 input); raises where there is none."""

    def _describe(code: str | bytes, **helpers: bytes) -> dict[str, Any]:
        source = code.encode() if isinstance(code, str) else code
        reply = sandbox.describe(Job("cnn_a", "cnn_a.py", source, (6, 6, 3), helpers))
        assert reply.ending == Ending.ANSWERED
        assert reply.raw is not None
        document: dict[str, Any] = json.loads(reply.raw)
        return document

    return _describe


@pytest.fixture
def describe_body(describe: Describe) -> Describe:
    """Likewise for the body of `build_model`, with the usual imports before it."""

    def _describe(body: str) -> dict[str, Any]:
        return describe(HEAD + "".join(f"    {line}\n" for line in body.splitlines()))

    return _describe


@dataclass(frozen=True)
class Installation:
    """A Python that can import the grader, and the user that runs it; None for the tests' own."""

    python: Path
    environment: dict[str, str]
    user: int | None

    def run(self, folder: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Python with these arguments, working in `folder`; nothing else of ours is inherited."""
        return subprocess.run(
            [self.python, *arguments],
            cwd=folder,
            env={**self.environment, "HOME": str(folder / "home"), "TMPDIR": str(folder / "tmp")},
            capture_output=True,
            text=True,
            errors="replace",
            timeout=1200,
            check=False,
            user=self.user,
            group=self.user,
            extra_groups=None if self.user is None else [],
        )


# Where root runs the tests, attacks as root repeat those as an ordinary user.
USERS = (
    [pytest.param("own user", marks=pytest.mark.nightly), "ordinary user"]
    if os.geteuid() == 0
    else ["own user"]
)


@pytest.fixture(scope="session", params=USERS)
def installation(request: pytest.FixtureRequest) -> Iterator[Installation]:
    """The grader for whoever runs the tests; where that is root, for an ordinary user, too."""
    packages = [path for path in sys.path if Path(path).name == "site-packages"]
    environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
    if request.param == "own user":
        environment["PYTHONPATH"] = os.pathsep.join([str(PROJECT), *packages])
        yield Installation(Path(sys.executable), environment, None)
    else:
        with tempfile.TemporaryDirectory() as folder:
            Path(folder).chmod(0o755)
            python = open_python(Path(folder))
            opened = [open_copy(Path(p), Path(folder)) for p in (str(PROJECT), *packages)]
            environment["PYTHONPATH"] = os.pathsep.join(map(str, opened))
            environment["LD_LIBRARY_PATH"] = str(python.parents[1] / "lib")
            yield Installation(python, environment, ORDINARY_USER)


def open_python(folder: Path) -> Path:
    """The Python in use, linked to a place that any user may enter if it is not in one."""
    python = Path(sys.executable).resolve()
    if is_open(python):
        return python
    copied = folder / "python" / "bin" / python.name
    copied.parent.mkdir(parents=True)
    link_or_copy(python, copied)
    for library in (python.parents[1] / "lib").glob("libpython*"):
        link_or_copy(library, open_folder(folder / "python" / "lib") / library.name)
    name = Path(sysconfig.get_path("stdlib")).name
    open_copy(python.parents[1] / "lib" / name, folder / "python" / "lib")
    return copied


def open_copy(source: Path, folder: Path) -> Path:
    """The folder, linked to a place in `folder` if any user may not enter it where it is."""
    if is_open(source):
        return source
    left_out = shutil.ignore_patterns(".*", "test", "site-packages/*", "include")
    target = open_folder(folder) / source.name
    return Path(
        shutil.copytree(source, target, symlinks=True, copy_function=link_or_copy, ignore=left_out)
    )


def open_folder(folder: Path) -> Path:
    """The folder, made if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def is_open(path: Path) -> bool:
    """Whether any user may reach and read it."""
    return all(one.stat().st_mode & 0o001 for one in (path, *path.resolve().parents))


def link_or_copy(source: str | Path, target: str | Path) -> None:
    """Another name for the file; a copy on another file system."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
