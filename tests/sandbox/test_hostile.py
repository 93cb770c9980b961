"""Code that does not want to be described: limits hold, nothing is left, the next job is fine."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.sandbox import forking
from grader.sandbox.draining import Drain
from grader.sandbox.jobs import Ending, Job, Limits, Reply
from grader.sandbox.launcher import Sandbox

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
]

GOOD = b"""
import keras
def build_model():
    return keras.Sequential([keras.layers.Input((3,)), keras.layers.Dense(2)])
"""


def run(sandbox: Sandbox, code: str | bytes) -> Reply:
    """The reply to a job with this source."""
    source = textwrap.dedent(code).encode() if isinstance(code, str) else code
    return sandbox.describe(Job("fc_a", "fc_a.py", source, (3,)))


def is_fine(sandbox: Sandbox) -> bool:
    """Whether an honest job gives its network."""
    reply = run(sandbox, GOOD)
    return reply.raw is not None and json.loads(reply.raw)["status"] == "model"


def processes_with(name: str = "", parent: int | None = None) -> list[int]:
    """The processes, zombies left out, that bear this name (and have this parent)."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                found_name = (entry / "comm").read_text()
                state, ppid, *_ = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if name in found_name and state != "Z" and parent in (None, int(ppid)):
                found.append(int(entry.name))
    return found


def holds_within(seconds: float, condition: Callable[[], bool]) -> bool:
    """Whether the condition becomes true within that time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


NAME_ITSELF = """
import ctypes
def name_itself(name):
    ctypes.CDLL(None).prctl(15, name.encode(), 0, 0, 0)
"""


@pytest.mark.parametrize(
    ("code", "ending"),
    [
        ("while True: pass", Ending.CPU_LIMIT),
        # As attack_outlives_limits and attack_stops_itself in test_attacks.py.
        pytest.param(
            "import signal\nfor s in (24, 15, 2): signal.signal(s, signal.SIG_IGN)\nwhile 1: pass",
            Ending.CPU_LIMIT,
            marks=pytest.mark.nightly,
        ),
        pytest.param("import time\ntime.sleep(1000)", Ending.WALL_LIMIT, marks=pytest.mark.nightly),
        ("import os\nos._exit(0)", Ending.EXITED),
        ("import os\nos._exit(3)", Ending.EXITED),
        ("import os\nos.closerange(0, 100)", Ending.EXITED),
        ("import ctypes\nctypes.string_at(0)", Ending.SIGNALLED),
        ("import os\nos.abort()", Ending.SIGNALLED),
        ("import os\nos.kill(os.getpid(), 9)", Ending.SIGNALLED),
        # The first thread ends, another goes on.
        (
            "import ctypes, threading as t\nt.Timer(9, id).start()\nctypes.CDLL(None).syscall(60)",
            Ending.SIGNALLED,
        ),
    ],
)
def test_an_end_without_an_answer_is_told_and_the_next_job_is_fine(
    strict: Sandbox, code: str, ending: Ending
) -> None:
    """Loops, sleeps, exits and crashes: no document, and no harm."""
    reply = run(strict, code)

    assert (reply.ending, reply.raw) == (ending, None)
    assert is_fine(strict)


# Other signals, and in the server's session, as the process below that does not outlive it.
@pytest.mark.nightly
@pytest.mark.parametrize(
    ("code", "ending"),
    [
        ("import os\nos.kill(os.getppid(), 9)\nwhile 1: pass", Ending.SIGNALLED),
        ("import os\nos.killpg(0, 9)", Ending.SIGNALLED),
        ("import os\nos.kill(os.getppid(), 19)\nwhile 1: pass", Ending.WALL_LIMIT),
    ],
)
def test_an_attack_on_the_server_harms_nothing_else(
    unconfined: Sandbox, monkeypatch: pytest.MonkeyPatch, code: str, ending: Ending
) -> None:
    """Where nothing confines it a student's process reaches its server, and no other job's."""
    # A server that was stopped is waited for in vain.
    monkeypatch.setattr(forking, "_STOP_SECONDS", 1.0)
    reply = run(unconfined, code)

    assert (reply.ending, reply.raw) == (ending, None)
    assert is_fine(unconfined)


def test_exit_codes_signals_and_cpu_time_are_told(strict: Sandbox) -> None:
    """The launcher tells how the process ended and what it used."""
    assert run(strict, "import os; os._exit(3)").exit_code == 3
    assert run(strict, "import os; os.kill(os.getpid(), 9)").signal == signal.SIGKILL
    assert (run(strict, "while True: pass").cpu_seconds or 0.0) > 0.5


def test_no_process_is_left(unconfined: Sandbox) -> None:
    """A child, a daemon, a daemon by double fork: gone when the reply is there."""
    code = (
        NAME_ITSELF
        + """
import os, pathlib, time
def detach_by_double_fork():
    os.setsid()
    if os.fork():
        os._exit(0)
for detach in (lambda: None, os.setsid, detach_by_double_fork):
    if os.fork() == 0:
        detach()
        name_itself("left-over")
        time.sleep(1000)
def comm(folder):
    try:
        return (folder / "comm").read_text()
    except OSError:
        return ""
while [comm(one) for one in pathlib.Path("/proc").glob("[0-9]*")].count("left-over\\n") < 3:
    time.sleep(0.05)
"""
    )
    reply = run(unconfined, code)

    assert reply.ending == Ending.ANSWERED
    assert processes_with("left-over") == []
    assert is_fine(unconfined)


# The processes of the bomb below are daemons, too.
@pytest.mark.nightly
def test_a_daemon_is_gone_after_the_wall_limit_too(unconfined: Sandbox) -> None:
    """What a sleeping process has detached is killed with it."""
    code = (
        NAME_ITSELF
        + """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        name_itself("late-daemon")
time.sleep(1000)
"""
    )
    reply = run(unconfined, code)

    assert reply.ending == Ending.WALL_LIMIT
    assert processes_with("late-daemon") == []


def test_a_process_that_kills_its_server_does_not_outlive_it(unconfined: Sandbox) -> None:
    """Not even in a session of its own; where nothing confines it, it harms no other job."""
    code = NAME_ITSELF + "import os, time\nos.setsid()\nname_itself('runaway')\n"
    reply = run(unconfined, code + "os.kill(os.getppid(), 9)\ntime.sleep(1000)\n")

    assert (reply.ending, reply.raw) == (Ending.SIGNALLED, None)
    assert holds_within(5, lambda: processes_with("runaway") == [])
    assert is_fine(unconfined)


def test_a_fork_bomb_is_ended(unconfined: Sandbox) -> None:
    """Processes that multiply, each in a session of its own, are gone after the wall limit."""
    code = (
        NAME_ITSELF
        + """
import os, time
name_itself("bomb")
end = time.monotonic() + 20
for _ in range(7):
    if os.fork() == 0:
        os.setsid()
while time.monotonic() < end:
    time.sleep(0.01)
"""
    )
    reply = run(unconfined, code)

    assert (reply.ending, reply.raw) == (Ending.WALL_LIMIT, None)
    assert holds_within(5, lambda: processes_with("bomb") == [])
    assert is_fine(unconfined)


def test_output_is_cut_and_says_so(strict: Sandbox) -> None:
    """1 GB of output is drained; the first bytes are kept and the last line counts the rest."""
    reply = run(strict, "import os\nfor _ in range(1024):\n    os.write(1, b'x' * 2**20)\n")

    assert reply.ending == Ending.ANSWERED
    assert reply.output.startswith("xxx")
    assert reply.output.splitlines()[-1] == (
        "[1,073,740,825 more bytes were printed and are left out here]"
    )


def test_output_before_a_crash_is_kept(strict: Sandbox) -> None:
    """What was printed line by line is there although the process died, standard error too."""
    code = "import os, sys\nprint('out')\nprint('err', file=sys.stderr)\nos._exit(1)\n"
    reply = run(strict, code)

    assert reply.output == "out\nerr\n"


# As attack_endless_reply in test_attacks.py, and without forking in test_single.py.
@pytest.mark.nightly
def test_a_huge_reply_is_refused(strict: Sandbox) -> None:
    """More bytes than a reply may have end the job, whoever wrote them."""
    code = """
import os
while True:
    for fd in range(3, 64):
        try:
            os.write(fd, b"x" * 65536)
        except OSError:
            pass
"""
    reply = run(strict, code)

    assert (reply.ending, reply.raw) == (Ending.TOO_LARGE, None)
    assert is_fine(strict)


def test_a_forged_reply_is_handed_on_unread(strict: Sandbox) -> None:
    """Bytes that the student's code wrote into the reply are for the checker to refuse."""
    code = """
import contextlib, os
for fd in range(3, 64):
    with contextlib.suppress(OSError):
        os.write(fd, b"forged")
"""
    reply = run(strict, code)

    assert reply.raw is not None
    assert reply.raw.startswith(b"forged")


def test_a_reply_cannot_be_taken_back_before_it_is_read(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a busy machine, too, a file cannot make it seem that its process was never set up."""

    class LateDrain(Drain):
        def _run(self) -> None:
            time.sleep(0.5)
            super()._run()

    monkeypatch.setattr(forking, "Drain", LateDrain)
    code = """
    import contextlib, os
    for fd in range(64):
        with contextlib.suppress(OSError):
            os.read(os.open(f"/proc/self/fd/{fd}", os.O_RDONLY | os.O_NONBLOCK), 4096)
    os._exit(70)
    """

    assert run(sandbox, code).ending is Ending.EXITED


def test_no_name_of_a_process_confuses_the_server(sandbox: Sandbox) -> None:
    """What the server reads about a process has in it a name that the process chose."""
    code = """
    import ctypes, time
    for name in (b"\\rVm", b"\\rVmPeak: -1", b"\\x0cThreads: 999", b") S 1 1 ("):
        ctypes.CDLL(None).prctl(15, name, 0, 0, 0)
        time.sleep(0.2)
    """

    assert run(sandbox, code).ending is Ending.ANSWERED


@pytest.mark.parametrize(
    "code",
    [
        "x = []\nwhile True: x.append(bytearray(10**7))",
        "import numpy as np\nnp.ones(10**10)",
        "import numpy as np\nnp.ones(2**28)",
        "def f():\n    x = 'x' * 10**8\n    return x + str(f())\nf()",
        # TensorFlow waits for 10 s; what it says then is a fault of test_faults.py.
        pytest.param(
            "import tensorflow as tf\nx = [tf.ones((2**28,)) for _ in range(9)]",
            marks=pytest.mark.nightly,
        ),
    ],
)
def test_memory_runs_out_inside_only(sandbox: Sandbox, code: str) -> None:
    """A hog meets its limit: an error with the rule for memory, or an end by memory."""
    reply = run(sandbox, code)

    rule = json.loads(reply.raw)["error"]["rule"] if reply.raw else None
    assert reply.ending == Ending.MEMORY or rule == "memory-limit"
    assert is_fine(sandbox)


def test_memory_that_the_kernel_does_not_count_as_data_is_counted(sandbox: Sandbox) -> None:
    """What is made writable when the address space is nearly used up gets nobody more memory."""
    code = """
    import ctypes
    libc = ctypes.CDLL(None)
    libc.mmap.restype = ctypes.c_void_p
    libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
    gib, read, both, private = 1 << 30, 1, 3, 0x22
    places = [libc.mmap(None, gib, read, private, -1, 0) for _ in range(3)]
    for place in places:
        if libc.mprotect(ctypes.c_void_p(place), ctypes.c_size_t(gib), both) == 0:
            print("may have a gigabyte")
            ctypes.memset(place, 1, gib)
    import time
    time.sleep(1)
    print("has all of it")
    """

    reply = run(sandbox, code)

    assert Ending.MEMORY is reply.ending
    assert "all" not in reply.output
    assert is_fine(sandbox)


@pytest.mark.parametrize("end", [signal.SIGABRT, signal.SIGSEGV])
def test_a_crash_at_the_memory_limit_is_an_end_by_memory(
    sandbox: Sandbox, end: signal.Signals
) -> None:
    """A library that aborts or crashes where it gets no memory is no silent exit."""
    code = f"""
import os, time
hoard = []
try:
    while True:
        hoard.append(bytearray(2**24))
except MemoryError:
    time.sleep(0.5)
    os.kill(os.getpid(), {int(end)})
"""
    reply = run(sandbox, code)

    assert (reply.ending, reply.signal) == (Ending.MEMORY, end)


def test_jobs_do_not_reach_each_other(sandbox: Sandbox) -> None:
    """Global settings, modules and files of one job are not there for the next."""
    run(sandbox, "import keras, sys, os\nkeras.config.set_floatx('float64')\nsys.left = 1\n")
    run(sandbox, "open('left', 'w')\n")
    reply = run(
        sandbox,
        "import keras, sys, os\nprint(keras.config.floatx(), hasattr(sys, 'left'), os.listdir())\n",
    )

    assert reply.output == "float32 False []\n"


def test_the_environment_is_empty_of_the_graders(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither variables nor open files nor the project's folder reach the student's code.

    Garbage is collected as ever.
    """
    monkeypatch.setenv("SECRET_TOKEN", "secret")
    root = str(Path(__file__).parents[2])
    code = f"""
import gc, os, sys
print("SECRET_TOKEN" in os.environ, {root!r} in sys.path, __name__, sys.argv)
print([name for name in sys.modules if name.split(".")[0] in ("grader", "data")])
print(len(os.listdir("/proc/self/fd")), gc.isenabled())
"""
    with Sandbox() as fresh:
        reply = run(fresh, code)

    assert reply.output == "False False fc_a ['']\n[]\n5 True\n"


# Unnoticed, all is done that is done where it is noticed, and the job is handed in once more.
@pytest.mark.parametrize("noticed", [pytest.param(True, marks=pytest.mark.nightly), False])
def test_a_lost_server_is_replaced(
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    noticed: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """A server that was killed between two jobs is started anew, also if it seems to be alive."""
    assert is_fine(sandbox)
    server = sandbox._worker  # noqa: SLF001 - there is no other way to hurt it
    assert server is not None
    os.kill(server._process.pid, signal.SIGKILL)  # noqa: SLF001 - as above
    server._process.wait()  # noqa: SLF001 - as above
    if not noticed:
        monkeypatch.setattr(server, "alive", lambda: True)

    assert is_fine(sandbox)


@pytest.mark.parametrize("forking", [True, pytest.param(False, marks=pytest.mark.nightly)])
def test_nothing_survives_the_launcher(forking: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """A kill -9 of the grader ends the server, the student's process and its daemons."""
    code = NAME_ITSELF + "name_itself('orphan')\nimport time\ntime.sleep(1000)\n"
    program = f"""
from grader.sandbox.jobs import Job
from grader.sandbox.launcher import Sandbox
Sandbox(forking={forking}).describe(Job("fc_a", "fc_a.py", {code.encode()!r}, (3,)))
"""
    launcher = subprocess.Popen([sys.executable, "-c", program])

    assert holds_within(60, lambda: len(processes_with("orphan")) > 0)
    started = processes_with(parent=launcher.pid)
    launcher.kill()
    launcher.wait()
    assert started
    assert holds_within(10, lambda: processes_with("orphan") == [])
    assert holds_within(10, lambda: not any(Path(f"/proc/{pid}").exists() for pid in started))


# Every test of the folder forks, most of them from the same server.
@pytest.mark.nightly
def test_forking_is_safe_many_times(sandbox: Sandbox) -> None:
    """30 children in a row build a convolutional network, and none hangs or fails."""
    code = b"""
import keras
from keras import layers
def build_model():
    model = keras.Sequential([layers.Input((48, 48, 3))])
    for filters in (32, 32, 64, 64):
        model.add(layers.Conv2D(filters, 3, padding="same", kernel_initializer="he_normal"))
        model.add(layers.BatchNormalization())
    model.add(layers.Dense(8))
    return model
"""
    endings = {run(sandbox, code).ending for _ in range(30)}

    assert endings == {Ending.ANSWERED}


def test_limits_are_the_promised_ones() -> None:
    """20 s of CPU, 60 s of wall time, 64 KB of output and 4 MB of reply, unless told otherwise."""
    limits = Limits()

    assert (limits.cpu_seconds, limits.wall_seconds) == (20, 60.0)
    assert (limits.output_bytes, limits.reply_bytes) == (65_536, 4_194_304)
