"""Every step down is taken for real: an honest network is described, and what is promised holds."""

from __future__ import annotations

import json
import os
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from grader.cli import grading_plan, grading_run
from grader.errors import UsageError
from grader.sandbox import bubblewrap
from grader.sandbox.jobs import Ending, Job, Limits, Reply
from grader.sandbox.launcher import Sandbox
from grader.sandbox.rungs import Means, Rung, means, require_confinement, sentence
from tests.asking import ASKED

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="confinement is for Linux")

HONEST = b"""
import keras
def build_model():
    return keras.Sequential([keras.layers.Input((3,)), keras.layers.Dense(2)])
"""
NO_BUBBLEWRAP = "bwrap: No permissions to create new namespace"
LIMITS = Limits(cpu_seconds=10, wall_seconds=30.0)


def stepped_down(step: str) -> Means:
    """The means of this machine without what the step is about."""
    found = means()
    assert (found.bubblewrap, found.seccomp) == ("", ""), "the tests need bubblewrap and libseccomp"
    assert found.landlock > 0, "the tests need a kernel with Landlock"
    steps = {
        "full": found,
        "landlock 1": replace(found, landlock=1),
        "no landlock": replace(found, landlock=0),
        "no seccomp": replace(found, seccomp="missing"),
        "bubblewrap alone": replace(found, landlock=0, seccomp="missing"),
        "no namespaces": replace(found, bubblewrap=NO_BUBBLEWRAP),
        "no namespaces, landlock 1": replace(found, bubblewrap=NO_BUBBLEWRAP, landlock=1),
        "no namespaces, container": replace(
            found, bubblewrap=NO_BUBBLEWRAP, capability=1 if found.own_user else None
        ),
    }
    return steps[step]


def run(sandbox: Sandbox, code: str | bytes) -> Reply:
    """The reply to a job with this source."""
    source = textwrap.dedent(code).encode() if isinstance(code, str) else code
    return sandbox.describe(Job("fc_a", "fc_a.py", source, (3,)))


WARM = ["full", "landlock 1"]
BUBBLEWRAPPED = ["full", "landlock 1", "no landlock", "no seccomp", "bubblewrap alone"]
NO_NAMESPACES = ["no namespaces", "no namespaces, landlock 1", "no namespaces, container"]
WITH_LANDLOCK = ["full", "landlock 1", "no seccomp", *NO_NAMESPACES]
WITH_SECCOMP = ["full", "landlock 1", "no landlock", *NO_NAMESPACES]
ALL = [*BUBBLEWRAPPED, *NO_NAMESPACES]


# They differ from the first of their kind in a version, or in whose name the file is run; and what
# holds without Landlock or seccomp holds in full, or with bubblewrap alone, as well.
NIGHTLY = {*NO_NAMESPACES[1:], "no landlock", "no seccomp"}


def each(steps: list[str], nightly: set[str] = NIGHTLY) -> pytest.MarkDecorator:
    """A test for each of these steps; slow where every job starts a server of its own."""
    marks = {step: [] if step in WARM else [pytest.mark.slow] for step in steps}
    for step in nightly.intersection(steps):
        marks[step].append(pytest.mark.nightly)
    return pytest.mark.parametrize("step", [pytest.param(s, marks=marks[s]) for s in steps])


@pytest.fixture(scope="module")
def sandboxes() -> Iterator[dict[str, Sandbox]]:
    """A sandbox for each step down, by its name."""
    made = {step: Sandbox(LIMITS, found=stepped_down(step)) for step in ALL}
    yield made
    for sandbox in made.values():
        sandbox.close()


@each(ALL)
def test_an_honest_network_is_described_and_nothing_of_the_machine_is_seen(
    sandboxes: dict[str, Sandbox], step: str, tmp_path: Path
) -> None:
    """On every step: the network comes out; solutions, data, results and homes cannot be read."""
    secret = tmp_path / "results.json"
    secret.write_text("secret")
    root = Path(__file__).parents[2]
    solution, data = root / "solutions" / "faces_fc" / "fc_a.py", root / "data" / "__init__.py"
    paths = [str(path) for path in (secret, solution, data, "/etc/passwd", Path.home())]
    probes = f"""
import os
for path in {paths!r}:
    try:
        print("read", os.listdir(path) if os.path.isdir(path) and os.listdir(path) != [".pyenv"]
              else open(path).read())
    except OSError:
        pass
"""
    reply = run(sandboxes[step], probes.encode() + HONEST)

    assert (reply.ending, reply.output) == (Ending.ANSWERED, "")
    assert json.loads(reply.raw or b"{}")["status"] == "model"


@each(WITH_LANDLOCK)
def test_nothing_can_be_written(sandboxes: dict[str, Sandbox], step: str, tmp_path: Path) -> None:
    """Neither home nor temp folder nor a place that anybody may write to takes a file."""
    tmp_path.chmod(0o777)
    victim = tmp_path / "victim"
    victim.write_text("as it was")
    victim.chmod(0o666)
    code = f"""
    import os, tempfile
    places = [".", os.environ["HOME"], os.environ["TMPDIR"], "/tmp", "/var/tmp", "/dev/shm", "/run"]
    for place in [*places, {str(tmp_path)!r}, "/dev"]:
        for make in (
            lambda: os.open(place + "/made", os.O_CREAT | os.O_WRONLY),
            lambda: os.mkdir(place + "/made"),
            lambda: os.symlink("/", place + "/made"),
            lambda: os.mkfifo(place + "/made"),
        ):
            try:
                print("made", place, make())
            except OSError:
                pass
    for change in (
        lambda: os.truncate({str(victim)!r}, 0),
        lambda: os.open({str(victim)!r}, os.O_WRONLY),
        lambda: os.open({str(victim)!r}, os.O_RDONLY | os.O_TRUNC),
        lambda: os.open({str(victim)!r}, 3 | os.O_TRUNC),
        lambda: os.unlink({str(victim)!r}),
        lambda: os.rename({str(victim)!r}, {str(tmp_path / "renamed")!r}),
    ):
        try:
            print("changed", change())
        except OSError:
            pass
    """
    reply = run(sandboxes[step], code)

    assert (reply.ending, reply.output) == (Ending.ANSWERED, "")
    assert [victim] == list(tmp_path.iterdir())
    assert "as it was" == victim.read_text()


@each(WITH_SECCOMP)
def test_no_process_is_started_or_reached(sandboxes: dict[str, Sandbox], step: str) -> None:
    """No fork, no program, no signal to others, no tracing, no other's limits, no network."""
    code = """
    import ctypes, os, resource, signal, socket, subprocess, sys
    libc = ctypes.CDLL(None, use_errno=True)
    server = os.getppid()
    def call(number, *arguments):
        if libc.syscall(number, *arguments) < 0:
            raise OSError(ctypes.get_errno(), "")
    tries = [
        os.fork,
        lambda: subprocess.run([sys.executable, "-c", ""]),
        lambda: os.posix_spawn("/bin/true", ["true"], {}),
        lambda: os.execv(sys.executable, [sys.executable]),
        lambda: os.kill(server, 0),
        lambda: os.kill(0, 0),
        lambda: os.kill(-1, 0),
        lambda: os.killpg(0, 0),
        lambda: os.pidfd_open(server),
        lambda: resource.prlimit(server, resource.RLIMIT_CPU),
        lambda: os.sched_setaffinity(server, {0}),
        lambda: os.setpriority(os.PRIO_USER, 0, 19),
        lambda: os.memfd_create("x"),
        lambda: socket.socket(),
        lambda: socket.socket(socket.AF_UNIX),
        lambda: call(101, 16, server, 0, 0),   # ptrace
        lambda: call(200, server, 0),          # tkill
        lambda: call(29, 1, 4096, 0o1600),     # shmget
        lambda: call(425, 1, 0),               # io_uring_setup
        lambda: call(321, 0, 0, 0),            # bpf
        lambda: call(272, 0x10000000),         # unshare(CLONE_NEWUSER)
        lambda: call(157, 1, 0, 0, 0, 0),      # prctl(PR_SET_PDEATHSIG, 0)
        lambda: call(157, (1 << 32) + 1, 0, 0, 0, 0),
        lambda: call(72, 1, 8, server),        # fcntl(F_SETOWN)
        lambda: call(72, 1, (1 << 32) + 8, server),
    ]
    for number, one in enumerate(tries):
        try:
            one()
            print("done", number)
        except OSError:
            pass
    """
    reply = run(sandboxes[step], code)

    assert (reply.ending, reply.output) == (Ending.ANSWERED, "")


@each(NO_NAMESPACES)
def test_root_gives_each_part_another_user_without_namespaces(
    sandboxes: dict[str, Sandbox], step: str
) -> None:
    """As root a student's process is a user of its own, and cannot write as anyone."""
    code = """
    import os
    print(os.getuid() == os.geteuid() != 0, os.getgroups())
    for line in open("/proc/self/status"):
        if line.startswith("CapEff"):
            print(int(line.split()[1], 16) & ~0b110)
    """
    reply = run(sandboxes[step], code)

    assert os.geteuid() != 0 or reply.output == "True []\n0\n"


# Without namespaces it is the limit of the full sandbox that ends it.
@each(ALL, nightly={*NIGHTLY, "no namespaces"})
def test_too_many_processes_or_threads_end_the_job(
    sandboxes: dict[str, Sandbox], step: str
) -> None:
    """A process that multiplies, by forks or by threads, is ended, and the next is fine."""
    code = """
    import os, threading, time
    threading.stack_size(32768)
    for _ in range(100_000):
        try:
            os.fork()
        except OSError:
            threading.Thread(target=time.sleep, args=[100], daemon=True).start()
    """
    reply = run(sandboxes[step], code)

    refused = reply.raw is not None and b"can't start new thread" in reply.raw
    assert reply.ending is Ending.SIGNALLED or refused
    assert json.loads(run(sandboxes[step], HONEST).raw or b"{}")["status"] == "model"


@each(["full", "landlock 1"])
def test_files_of_the_warm_server_stay_as_they_are(
    sandboxes: dict[str, Sandbox], step: str
) -> None:
    """What its imports left in its home is there for the next file as for the first."""
    code = """
    import os
    for folder, _, names in os.walk(os.environ["HOME"]):
        for name in names:
            path = os.path.join(folder, name)
            for flags in (os.O_TRUNC, os.O_WRONLY, os.O_RDWR | os.O_TRUNC):
                try:
                    os.open(path, flags)
                    print("opened", flags, path)
                except OSError:
                    pass
            print(path, os.stat(path).st_size)
    open(os.devnull, "w").close()
    """
    replies = [run(sandboxes[step], code) for _ in range(2)]

    assert [Ending.ANSWERED] * 2 == [reply.ending for reply in replies]
    assert "keras.json" in replies[0].output
    assert "opened" not in replies[0].output
    assert replies[0].output == replies[1].output


@pytest.mark.slow
def test_a_status_that_is_forged_harms_nobody() -> None:
    """With bubblewrap alone a file may reach its server's socket; the launcher goes on as ever."""
    code = """
    import ctypes, os, socket, time
    libc = ctypes.CDLL(None)
    server = os.pidfd_open(os.getppid())
    sent = []
    for fd in range(3, 20):
        got = libc.syscall(438, server, fd, 0)   # pidfd_getfd
        if got >= 0 and os.readlink(f"/proc/self/fd/{got}").startswith("socket:"):
            sent.append(got)
    if not sent:
        raise SystemExit("the kernel keeps the socket out of reach")
    """
    endings = {
        # In one piece, and no wait status that there is; then a byte now and then.
        "for fd in sent: os.write(fd, b'\\xff' * 64)": Ending.SIGNALLED,
        "while 1: [os.write(fd, b'\\0') for fd in sent]; time.sleep(0.5)": Ending.WALL_LIMIT,
    }
    limits = replace(LIMITS, wall_seconds=3.0)
    with Sandbox(limits, found=stepped_down("bubblewrap alone")) as sandbox:
        replies = [
            run(sandbox, textwrap.dedent(code) + f"{forge}\ntime.sleep(100)") for forge in endings
        ]
        after = run(sandbox, HONEST)

    for reply, ending in zip(replies, endings.values(), strict=True):
        kept_out = b"out of reach" in (reply.raw or b"")
        assert kept_out or (ending, None) == (reply.ending, reply.raw)
    assert b'"status": "model"' in (after.raw or b"")


def test_source_of_one_job_is_not_in_the_memory_of_the_next(sandboxes: dict[str, Sandbox]) -> None:
    """A child is a copy of the server, and the server has never seen a student's file."""
    code = r"""
    import ctypes
    word = bytes([120, 121, 122, 122, 121])
    for line in open("/proc/self/maps"):
        place, rights, *_ = line.split()
        start, end = (int(part, 16) for part in place.split("-"))
        if rights.startswith("rw"):
            for piece in range(start, end, 1 << 20):
                held = ctypes.string_at(piece, min(1 << 20, end - piece))
                place = held.find(word * 20)
                if place >= 0 and held[place : place + 600].count(word) > 100:
                    print("found", line)
    print("looked")
    """
    run(sandboxes["full"], b"answer = '" + b"xyzzy" * 1000 + b"'\n")
    reply = run(sandboxes["full"], code)

    assert (reply.ending, reply.output) == (Ending.ANSWERED, "looked\n")


def test_steps_are_told_in_words() -> None:
    """The sentence for results and class page names what is in force and what is missing."""
    said = {step: sentence(stepped_down(step)) for step in ALL}

    assert said["full"].startswith("bubblewrap, Landlock (version ")
    assert "Landlock (version 1)" in said["landlock 1"]
    assert "for each part, without Landlock;" in said["no landlock"]
    assert "for each part, without seccomp;" in said["no seccomp"]
    assert "without Landlock and seccomp" in said["bubblewrap alone"]
    assert "without bubblewrap" in said["no namespaces"]
    assert "not confined" in sentence(Means("none", 0, "none"))


def test_means_decide_the_step() -> None:
    """Bubblewrap and both others; bubblewrap alone; both others alone; else nothing."""
    steps = {
        Means("", 1, ""): Rung.FULL,
        Means("", 0, ""): Rung.FRESH_BUBBLEWRAP,
        Means("", 7, "missing"): Rung.FRESH_BUBBLEWRAP,
        Means("missing", 1, ""): Rung.NO_NAMESPACES,
        Means("missing", 0, ""): Rung.UNCONFINED,
        Means("missing", 7, "missing"): Rung.UNCONFINED,
        Means("missing", 7, "", own_user=True): Rung.NO_NAMESPACES,
        Means("missing", 7, "", own_user=False): Rung.UNCONFINED,
    }

    assert steps == {found: found.rung for found in steps}


def test_nothing_to_confine_with_is_refused_with_the_command_to_install_it() -> None:
    """The refusal names the command and the option; with any confinement there is none."""
    require_confinement(Means("missing", 1, ""))

    with pytest.raises(UsageError) as caught:
        require_confinement(Means("missing", 0, ""))
    assert "apt-get install bubblewrap libseccomp2" in str(caught.value)
    assert "--unconfined" in str(caught.value)


def test_grade_refuses_before_it_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With nothing to confine with no folder is made and no file is run."""
    monkeypatch.setattr(grading_plan, "means", lambda: Means("missing", 0, "missing"))
    out = tmp_path / "out"
    request = replace(ASKED, paths=(tmp_path,), out=out, with_training=False)

    with pytest.raises(UsageError, match="unconfined"):
        grading_run.run(request)
    assert not out.exists()


def test_other_systems_have_limits_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """On macOS and Windows nothing of Linux is tried."""
    monkeypatch.setattr(sys, "platform", "darwin")

    assert Rung.UNCONFINED is means().rung


def test_what_bubblewrap_says_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it does not work its own words say why."""
    pretended = tmp_path / "bwrap"
    pretended.write_text("#!/bin/sh\necho 'bwrap: No permissions' >&2\nexit 1\n")
    pretended.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

    assert bubblewrap.refusal() == "bwrap: No permissions"
