"""Attacks among honest work, as root and as an ordinary user, watched from outside.

What an attack gets it prints as a line that begins with GOT.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import select
import shutil
import socket
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="confinement is for Linux")

ATTACKS = sorted((Path(__file__).parents[1] / "submissions").glob("attack_*"))
EXPECTED = {path.name: tomllib.loads((path / "expected.toml").read_text()) for path in ATTACKS}
QUICK = [path for path in ATTACKS if not EXPECTED[path.name].get("slow")]
HONEST = """
import keras
from keras import layers

def build_model():
    return keras.Sequential([keras.Input((6912,)), layers.Dense(8, activation="softmax")])
"""
GRADE = "from grader.cli import main; main()"
# The system refuses what bubblewrap needs, as in many containers; told "all", Landlock, too.
REFUSALS = """
import sys
from grader.sandbox.seccomp import library
lib = library()
rules = lib.SyscallFilter(lib.ALLOW)
rules.add_rule(lib.ERRNO(1), "unshare")
rules.add_rule(lib.ERRNO(1), "clone", lib.Arg(0, lib.MASKED_EQ, 0x10000000, 0x10000000))
rules.add_rule(lib.ERRNO(38), 435)
if sys.argv.pop(1) == "all":
    rules.add_rule(lib.ERRNO(38), 444)
rules.load()
"""
# Each attack in a sandbox that is forced down: what it printed, by its name.
STEP_DOWN = """
import json, sys
from dataclasses import replace
from pathlib import Path
from grader.sandbox.jobs import Job
from grader.sandbox.launcher import Sandbox
from grader.sandbox.rungs import means

said = {}
found = replace(means(), bubblewrap="switched off")
found = replace(found, landlock=int(sys.argv[2]) or found.landlock)
with Sandbox(found=found) as sandbox:
    for path in sorted(Path(sys.argv[1]).glob("*/fc_a.py")):
        job = Job("fc_a", "fc_a.py", path.read_bytes(), (6912,))
        said[path.parent.name] = sandbox.describe(job).output
print(json.dumps(said))
"""


class Installation(Protocol):
    """See conftest.py."""

    user: int | None

    def run(self, folder: Path, *arguments: str | Path) -> Any:  # noqa: ANN401 - a finished process
        """Python, working in the folder."""


@dataclass(frozen=True)
class World:
    """Where the attacks take place, with what they are to leave alone."""

    folder: Path
    canary: Path
    listeners: tuple[socket.socket, ...]

    def state(self) -> tuple[str, os.stat_result, list[str], bool]:
        """The canary's text and facts, what lies in temp folders, whether a listener heard."""
        heard, _, _ = select.select(self.listeners, [], [], 0)
        places = (self.folder / "tmp", Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"))  # noqa: S108 - looked at only
        left = [str(path) for place in places for path in place.glob("ef*left*")]
        left += [str(path) for path in (self.folder / "tmp").iterdir()]
        facts = self.canary.stat()
        unread = os.stat_result((*facts[:7], 0, *facts[8:10]))
        return self.canary.read_text(), unread, left, bool(heard)


@pytest.fixture
def world(installation: Installation) -> Iterator[World]:
    """A folder with the attacks, each followed by honest work; a canary; listeners."""
    with (
        # Pytest's own folders are closed to other users.
        tempfile.TemporaryDirectory() as name,
        socket.create_server(("127.0.0.1", 0)) as tcp,
        socket.socket(socket.AF_UNIX) as unix,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as datagrams,
    ):
        unix.bind(f"\0ef-listener-{os.getpid()}")
        unix.listen()
        datagrams.bind(f"\0ef-datagrams-{os.getpid()}")
        folder = Path(name)
        canary = folder / "canary.txt"
        canary.write_text("a secret")
        targets = {
            "CANARY": str(canary),
            "PORT": tcp.getsockname()[1],
            "NAME": unix.getsockname(),
            "DATAGRAMS": datagrams.getsockname(),
        }
        for attack in QUICK:
            hand_in(folder / "class" / attack.name, aimed(attack / "fc_a.py", targets))
            hand_in(folder / "class" / f"{attack.name}_then_honest", HONEST)
        for place in ("home", "tmp"):
            (folder / place).mkdir()
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o777 if path.is_dir() else 0o666)
            if installation.user is not None:
                os.chown(path, installation.user, installation.user)
        yield World(folder, canary, (tcp, unix, datagrams))


def aimed(path: Path, targets: Mapping[str, object]) -> str:
    """The attack's source, with these values for the names that it begins with."""
    lines = path.read_text().splitlines()
    for number, line in enumerate(lines):
        name, assigned, _ = line.partition(" = ")
        if assigned and name in targets:
            lines[number] = f"{name} = {targets[name]!r}"
    return "\n".join(lines) + "\n"


def hand_in(folder: Path, source: str) -> None:
    """A submission of this one file."""
    folder.mkdir(parents=True)
    (folder / "fc_a.py").write_text(source)


def descendants() -> set[str]:
    """Processes that this one or a descendant started; not those that have ended."""
    parents: dict[str, list[str]] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            stat = (entry / "stat").read_text("utf-8", "replace")
        except OSError:
            continue
        state, parent, *_ = stat.rpartition(")")[2].split()
        if state != "Z":
            parents.setdefault(parent, []).append(entry.name)
    found, new = set[str](), {str(os.getpid())}
    while new := {child for parent in new for child in parents.get(parent, [])} - found:
        found |= new
    return found


def come_to_nothing(before: set[str]) -> bool:
    """Whether all that was started since is gone within some seconds."""
    deadline = time.monotonic() + 10
    while descendants() - before and time.monotonic() < deadline:
        time.sleep(0.05)
    return not descendants() - before


@pytest.fixture
def orphans() -> Iterator[None]:
    """What loses its parent meanwhile becomes a child of this process, and is seen below it."""
    # linux/prctl.h: PR_SET_CHILD_SUBREAPER
    prctl = ctypes.CDLL(None).prctl
    assert prctl(36, 1, 0, 0, 0) == 0
    yield
    # Later tests wait for processes to be gone, which an orphan of this one would never be.
    assert prctl(36, 0, 0, 0, 0) == 0
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass


def got(said: Mapping[str, str]) -> list[str]:
    """What attacks say they got."""
    return [
        f"{name}: {line}"
        for name, output in said.items()
        for line in output.splitlines()
        if line.startswith("GOT")
    ]


@pytest.mark.slow
@pytest.mark.usefixtures("orphans")
def test_attacks_get_nothing_and_honest_work_is_graded_as_ever(
    installation: Installation, world: World
) -> None:
    """The outcomes are the expected ones; outside nothing was heard, changed, left or started."""
    state, processes = world.state(), descendants()
    options = ("-o", "out", "--no-train", "--quiet", "--part", "fc_a")
    ran = installation.run(world.folder, "-c", GRADE, "grade", "class", *options)

    assert (0, "") == (ran.returncode, ran.stderr)
    assert come_to_nothing(processes)
    assert state == world.state()
    results = json.loads((world.folder / "out" / "results.json").read_text())
    assert results["sandbox"].startswith("bubblewrap, Landlock")
    parts = {entry["student"]["name"]: entry["parts"][0] for entry in results["submissions"]}
    assert 2 * len(QUICK) == len(parts)
    assert [] == got({name: part["output"] for name, part in parts.items()})
    honest = {name: part for name, part in parts.items() if name.endswith("_then_honest")}
    assert {("passed", 1.0)} == {
        (part["outcome"], part["score"] / part["max_score"]) for part in honest.values()
    }
    odd = {
        name: parts[name]["outcome"]
        for name, expected in EXPECTED.items()
        if name in parts and parts[name]["outcome"] not in expected["parts"]["fc_a"].split("|")
    }
    assert {} == odd


@pytest.mark.slow
@pytest.mark.usefixtures("orphans")
@pytest.mark.parametrize("landlock", [0, 1])
def test_attacks_get_nothing_without_namespaces(
    installation: Installation, world: World, landlock: int
) -> None:
    """Where there is no bubblewrap nothing is heard, changed, left or started either."""
    for honest in (world.folder / "class").glob("*_then_honest"):
        shutil.rmtree(honest)
    state, processes = world.state(), descendants()
    ran = installation.run(world.folder, "-c", STEP_DOWN, "class", str(landlock))

    assert (0, "") == (ran.returncode, ran.stderr)
    assert come_to_nothing(processes)
    assert state == world.state()
    assert [] == got(json.loads(ran.stdout))


@pytest.mark.slow
def test_where_the_system_refuses_namespaces_they_are_done_without_or_grade_refuses(
    installation: Installation, world: World
) -> None:
    """Results say that bubblewrap is missing; without Landlock, too, nothing is graded."""
    program, paths = REFUSALS + GRADE, ("class/attack_reads_files", "-o", "out")
    options = ("--no-train", "--quiet", "--part", "fc_a")
    ran = installation.run(world.folder, "-c", program, "some", "grade", *paths, *options)
    refused = installation.run(world.folder, "-c", program, "all", "grade", *paths, *options)
    doctor = installation.run(world.folder, "-c", program, "all", "doctor")

    assert (0, "") == (ran.returncode, ran.stderr)
    results = json.loads((world.folder / "out" / "results.json").read_text())
    assert "without bubblewrap" in results["sandbox"]
    (part,) = results["submissions"][0]["parts"]
    assert ("passed", "") == (part["outcome"], part["output"])
    assert 2 == refused.returncode
    assert "apt-get install bubblewrap" in refused.stderr
    assert "bubblewrap   bwrap: No permissions to create" in doctor.stdout
