"""Attacks among honest work, as root and as an ordinary user, watched from outside.

What an attack gets it prints as a line that begins with GOT.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import platform
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

from tests.handing_in import hand_in

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="confinement is for Linux")

SUBMISSIONS = Path(__file__).parents[1] / "submissions"
HOSTILE = ("attack_*", "exit_*", "right_prints_1_gb", "right_answer_hostile")
ATTACKS = sorted(path for pattern in HOSTILE for path in SUBMISSIONS.glob(pattern))
EXPECTED = {path.name: tomllib.loads((path / "expected.toml").read_text()) for path in ATTACKS}
QUICK = [path for path in ATTACKS if not EXPECTED[path.name].get("slow")]
HONEST = """
import keras
from keras import layers

def build_model():
    return keras.Sequential([keras.Input((6912,)), layers.Dense(8, activation="softmax")])
"""
TEMPORARY = (Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"))  # noqa: S108 - looked at only
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
# For `doctor`, who would describe a network otherwise, in two processes with Keras.
NOTHING_DESCRIBED = """
from grader.cli import examination
examination._describe = lambda: "a network"
"""
# Files in a sandbox with less of the machine or other limits: what each printed, how it ended.
DESCRIBE = """
import json, sys
from dataclasses import replace
from pathlib import Path
from grader.sandbox.jobs import Job, Limits
from grader.sandbox.launcher import Sandbox
from grader.sandbox.rungs import means

said = {}
found = replace(means(), **json.loads(sys.argv[1]))
with Sandbox(Limits(**json.loads(sys.argv[2])), found=found) as sandbox:
    for path in map(Path, sys.argv[3:]):
        reply = sandbox.describe(Job("fc_a", "fc_a.py", path.read_bytes(), (6912,)))
        said[path.parent.name] = reply.output, reply.ending
print(json.dumps(said))
"""
# One attack after the other in one process; what ends one of them would end them all.
TOGETHER = """
for name, source in {sources!r}.items():
    try:
        exec(compile(source, "fc_a.py", "exec"), {{"__name__": name}})
    except BaseException as error:
        print("FAILED", name, repr(error))
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
        places = (self.folder, self.folder / "tmp", *TEMPORARY)
        left = [str(path) for place in places for path in place.glob("ef*left*")]
        left += [str(path) for path in (self.folder / "tmp").iterdir()]
        facts = self.canary.stat()
        unread = os.stat_result((*facts[:7], 0, *facts[8:10]))
        return self.canary.read_text(), unread, left, bool(heard)


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the attacks, not aimed at anything yet."""
    folder = tmp_path_factory.mktemp("handed_in")
    for attack in QUICK:
        hand_in(attack, folder / attack.name)
    return folder


@pytest.fixture
def world(installation: Installation, handed_in: Path) -> Iterator[World]:
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
        shutil.copytree(handed_in, folder / "class", symlinks=True)
        for attack in QUICK:
            aim(folder / "class" / attack.name / "fc_a.py", targets)
            write_honest(folder / "class" / f"{attack.name}_then_honest")
        for place in ("home", "tmp"):
            (folder / place).mkdir()
        for path in (folder, *folder.rglob("*")):
            if path.is_symlink():
                continue
            path.chmod(0o777 if path.is_dir() else 0o666)
            if installation.user is not None:
                os.chown(path, installation.user, installation.user)
        yield World(folder, canary, (tcp, unix, datagrams))


def aim(path: Path, targets: Mapping[str, object]) -> None:
    """Gives the names with which the attack begins these values."""
    lines = path.read_bytes().decode("utf-8", "surrogateescape").splitlines()
    for number, line in enumerate(lines):
        name, assigned, _ = line.partition(" = ")
        if assigned and name in targets:
            lines[number] = f"{name} = {targets[name]!r}"
    path.write_bytes(("\n".join(lines) + "\n").encode("utf-8", "surrogateescape"))


def write_honest(folder: Path) -> None:
    """A submission of one right network; files that are alike would be described once."""
    folder.mkdir(parents=True)
    (folder / "fc_a.py").write_text(f"# {folder.name}{HONEST}")


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
    pages = [page.read_text("utf-8") for page in (world.folder / "out").rglob("*.html")]
    assert len(parts) < len(pages)
    assert not [page for page in pages if "<script>alert" in page or "\x1b" in page]


LOOK_FOR_EARLIER = {"attack_memory_of_others", "attack_poison_2_finds"}


def written_together(world: World, *, seccomp: bool) -> list[Path]:
    """Files with the attacks on what the steps differ in, in as few processes as may be.

    Left out are those whose reply is all, and who looks for earlier files: there are none.
    """
    files, sources = [], {}
    for attack in QUICK:
        expected, file = EXPECTED[attack.name], world.folder / "class" / attack.name / "fc_a.py"
        source = file.read_text("utf-8", "replace")
        is_passed = expected["parts"]["fc_a"] == "passed"
        if attack.name.startswith("attack_other") or ("alone" in expected and not seccomp):
            files.append(file)
        elif is_passed and "forge(" not in source and attack.name not in LOOK_FOR_EARLIER:
            sources[attack.name] = source
    together = world.folder / "class" / "together" / "fc_a.py"
    together.parent.mkdir()
    together.write_text(TOGETHER.format(sources=sources))
    return [together, *files]


# What Landlock alone refuses: the temp folder in memory, and what /proc tells of the few processes
# inside.
BY_LANDLOCK = """
unnamed|file |folder |link |hard link |pipe |device |ef_left|sitecustomize|usercustomize|keras.json
/proc/|a list of all|mem of|maps of|environ of|cmdline of|fd/0 of|root of|cwd of
"""
# What seccomp alone refuses: further processes and signals inside, sockets that lead nowhere,
# memory beside the limit, locks on files of Python's, a core of its own.
BY_SECCOMP = """
a fork|daemon|subprocess|a shell|spawn|exec|a pool|system|kill|tkill|tgkill|pidfd|an owner|socket
limit of|cores of|priority of|process_vm|ptrace|UDP|netlink|listens|pair |name_to_handle|unshare
memfd|a gigabyte|shared memory|mmap|lock |read lock |lease |a lease|hint |flags |a watch|a core
"""
# What bubblewrap alone hides.
BY_BUBBLEWRAP = "the machine's name"
# What is taken away, and with what the lines may begin that attacks print then.
STEPS: Mapping[str, tuple[Mapping[str, object], str]] = {
    "Landlock 1": ({"landlock": 1}, ""),
    "no namespaces": ({"bubblewrap": "switched off"}, BY_BUBBLEWRAP),
    "no namespaces, Landlock 1": ({"bubblewrap": "switched off", "landlock": 1}, BY_BUBBLEWRAP),
    "no Landlock": ({"landlock": 0}, BY_LANDLOCK),
    "no seccomp": ({"seccomp": "switched off"}, BY_SECCOMP),
    "bubblewrap alone": ({"landlock": 0, "seccomp": "switched off"}, BY_LANDLOCK + BY_SECCOMP),
}


# In more ways what test_rungs.py shows of each step.
@pytest.mark.slow
@pytest.mark.nightly
@pytest.mark.usefixtures("orphans")
@pytest.mark.parametrize("step", STEPS)
def test_attacks_get_no_more_than_each_step_down_leaves(
    installation: Installation, world: World, step: str
) -> None:
    """Outside nothing is heard, changed, left or started either, and honest work comes after."""
    taken_away, left = STEPS[step]
    beginnings = tuple(filter(None, left.replace("\n", "|").split("|")))
    files = written_together(world, seccomp="seccomp" not in taken_away)
    honest = world.folder / "class" / "attack_forks_then_honest" / "fc_a.py"
    state, processes = world.state(), descendants()
    options = json.dumps(taken_away), json.dumps({"wall_seconds": 10.0})
    ran = installation.run(world.folder, "-c", DESCRIBE, *options, *files, honest)

    assert (0, "") == (ran.returncode, ran.stderr)
    assert come_to_nothing(processes)
    assert state == world.state()
    said = json.loads(ran.stdout)
    assert ["", "answered"] == said.pop(honest.parent.name)
    found = got({name: output for name, (output, _) in said.items()})
    assert [] == [line for line in found if not line.partition(": GOT ")[2].startswith(beginnings)]
    assert "FAILED" not in said["together"][0]
    assert "answered" == said["together"][1]


@pytest.mark.slow
@pytest.mark.usefixtures("orphans")
@pytest.mark.parametrize(
    "endless",
    [
        {
            "attack_outlives_limits": ("cpu_limit", "wall_limit"),
            "attack_stops_itself": ("wall_limit",),
            "memory_list": ("answered", "memory"),
        },
        # In other words what the first two do.
        pytest.param(
            {
                "loops_forever_ignoring_signals": ("cpu_limit",),
                "sleeps_forever": ("wall_limit",),
            },
            marks=pytest.mark.nightly,
        ),
    ],
    ids=", ".join,
)
def test_what_never_ends_is_gone_and_honest_work_is_described(
    installation: Installation, world: World, endless: Mapping[str, tuple[str, ...]]
) -> None:
    """With small limits: who sleeps, loops, stops or hoards is ended, and nothing of it is left."""
    files = [SUBMISSIONS / name / "fc_a.py" for name in endless]
    copies = [world.folder / name / "fc_a.py" for name in endless]
    for file, copy in zip(files, copies, strict=True):
        hand_in(file.parent, copy.parent)
    honest = world.folder / "class" / "attack_forks_then_honest" / "fc_a.py"
    state, processes = world.state(), descendants()
    between = [file for copy in copies for file in (copy, honest)]
    options = "{}", json.dumps({"cpu_seconds": 2, "wall_seconds": 4.0})
    ran = installation.run(world.folder, "-c", DESCRIBE, *options, *between)

    assert (0, "") == (ran.returncode, ran.stderr)
    assert come_to_nothing(processes)
    assert state == world.state()
    said = json.loads(ran.stdout)
    assert ["", "answered"] == said.pop(honest.parent.name)
    assert not [name for name, (_, ending) in said.items() if ending not in endless[name]]


@pytest.mark.slow
def test_where_the_system_refuses_namespaces_they_are_done_without_or_grade_refuses(
    installation: Installation, world: World
) -> None:
    """Results say that bubblewrap is missing; without Landlock, too, nothing is graded."""
    program, paths = REFUSALS + GRADE, ("class/attack_reads_files", "-o", "out")
    options = ("--no-train", "--quiet", "--part", "fc_a")
    ran = installation.run(world.folder, "-c", program, "some", "grade", *paths, *options)
    refused = installation.run(world.folder, "-c", program, "all", "grade", *paths, *options)
    doctor = installation.run(
        world.folder, "-c", REFUSALS + NOTHING_DESCRIBED + GRADE, "all", "doctor"
    )

    assert (0, "") == (ran.returncode, ran.stderr)
    results = json.loads((world.folder / "out" / "results.json").read_text())
    assert "without bubblewrap" in results["sandbox"]
    (part,) = results["submissions"][0]["parts"]
    # Only a namespace hides that, and there is none.
    found = f"GOT the machine's name {platform.node()}\n"
    assert ("passed", found) == (part["outcome"], part["output"])
    assert 2 == refused.returncode
    assert "apt-get install bubblewrap" in refused.stderr
    assert "bubblewrap   bwrap: No permissions to create" in doctor.stdout
