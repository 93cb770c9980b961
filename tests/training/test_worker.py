"""The worker: answers, survives its own death, and never outlives its caller."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import cast

import pytest

from grader.errors import GraderError, UsageError
from grader.records import DataFacts, Outcome, OwnData, Progress
from grader.training.limits import Limits
from grader.training.task import TrainingTask
from grader.training.worker import Worker

pytestmark = pytest.mark.slow

MakeTask = Callable[..., TrainingTask]
LONG = 100_000
# Prints the worker's process id once a training is under way (or, idle, once it answered).
CALLER = """
import pathlib, pickle, sys
from grader.training.worker import Worker

task, idle = pickle.loads(pathlib.Path(sys.argv[1]).read_bytes())
worker = Worker(1, pathlib.Path(sys.argv[2]))
if idle:
    worker.rebuild(task.architecture)
    print(worker.pid, flush=True)
    sys.stdin.read()
else:
    worker.train(task, lambda progress: print(worker.pid, flush=True))
"""


def is_alive(pid: int) -> bool:
    """Whether there is such a process."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def own_memory_mib(pid: int) -> float:
    """Memory of the process that stands in no file."""
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("RssAnon"))


def is_gone_within(pid: int, seconds: float) -> bool:
    """Whether the process ends in that time."""
    deadline = time.monotonic() + seconds
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not is_alive(pid)


def test_rebuilds(worker: Worker, make_task: MakeTask) -> None:
    """A worker builds a network and reads it off."""
    rebuilt = worker.rebuild(make_task(16).architecture)

    # 192 x 16 + 16 and 16 x 3 + 3.
    assert [3088, 0, 51, 0] == [row.params for row in rebuilt.rows]
    assert rebuilt.fault is None


def test_one_process_for_all_requests(worker: Worker, make_task: MakeTask) -> None:
    """Requests share a process, so that Keras is imported once."""
    worker.rebuild(make_task().architecture)
    first = worker.pid
    worker.train(make_task(epochs=1))

    assert first == worker.pid


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_memory_of_networks_is_given_back(worker: Worker, make_task: MakeTask) -> None:
    """However many networks a worker trains and rebuilds, it holds no more of them than of few."""
    deep = [8] * 20

    def work(*hidden: int) -> float:
        worker.rebuild(make_task(*hidden).architecture)
        worker.train(make_task(*hidden, epochs=1))
        # Asked for once more, so that what came before is cleared away when it is looked at.
        worker.rebuild(make_task().architecture)
        return own_memory_mib(cast("int", worker.pid))

    # Each deep one takes 40 MiB while it is there.
    settled = work(8)
    work(*deep, 1)
    afterwards = work(*deep, 2)

    assert afterwards - settled < 25


@pytest.mark.parametrize(
    "number", [signal.SIGKILL, pytest.param(signal.SIGSEGV, marks=pytest.mark.nightly)]
)
def test_killed_worker_is_replaced(
    worker: Worker, make_task: MakeTask, number: signal.Signals
) -> None:
    """A worker that is killed twice is the grader's fault, and the next request has a new one."""

    def kill(_: Progress) -> None:
        os.kill(cast("int", worker.pid), number)

    sentence = f"ended with signal {number:d} while training a network"
    with pytest.raises(GraderError, match=sentence) as caught:
        worker.train(make_task(epochs=LONG), kill)

    assert "not the student's fault" in str(caught.value)
    assert Outcome.PASSED == worker.train(make_task()).outcome


def test_worker_killed_while_idle(worker: Worker, make_task: MakeTask) -> None:
    """A worker that died between two requests is replaced without a word."""
    worker.rebuild(make_task().architecture)
    pid = cast("int", worker.pid)
    os.kill(pid, signal.SIGKILL)
    # Until it has ended, which is left for the worker to notice.
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)

    assert worker.rebuild(make_task().architecture).fault is None


def test_interrupted_caller_ends_the_worker(worker: Worker, make_task: MakeTask) -> None:
    """Ctrl-C, or a test's timeout, in the caller ends the training and leaves no process."""
    pids: list[int] = []

    def interrupt(_: Progress) -> None:
        pids.append(cast("int", worker.pid))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        worker.train(make_task(epochs=LONG), interrupt)

    assert not is_alive(pids[0])
    assert Outcome.PASSED == worker.train(make_task()).outcome


def test_ctrl_c_is_for_the_caller(worker: Worker) -> None:
    """The worker is not in the terminal's group of processes, where Ctrl-C would reach it."""
    worker.start()

    assert os.getpgid(cast("int", worker.pid)) != os.getpgrp()


# Idle or not it is the same thread that hears of the caller's end.
@pytest.mark.parametrize("idle", [pytest.param(True, marks=pytest.mark.nightly), False])
def test_dies_with_its_caller(
    tmp_path: Path, data_file: Path, make_task: MakeTask, *, idle: bool
) -> None:
    """A caller that is killed takes its worker and what that wrote along, idle or training."""
    (tmp_path / "task").write_bytes(pickle.dumps((make_task(epochs=LONG), idle)))
    temp = tmp_path / "temp"
    temp.mkdir()
    caller = subprocess.Popen(
        [sys.executable, "-c", CALLER, str(tmp_path / "task"), str(data_file)],
        env={**os.environ, "TMPDIR": str(temp)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with caller:
        assert caller.stdout is not None
        pid = int(caller.stdout.readline())
        assert is_alive(pid)
        assert 1 == len(list(temp.iterdir()))
        caller.kill()

    assert is_gone_within(pid, seconds=10.0)
    assert [] == list(temp.iterdir())


def test_close_ends_the_process(worker: Worker) -> None:
    """A closed worker is gone, also when it had not got to its first request."""
    worker.close()
    worker.start()
    pid = cast("int", worker.pid)
    worker.close()

    assert not is_alive(pid)
    assert worker.pid is None


def test_nothing_is_left_in_the_temp_folder(
    tmp_path: Path, data_file: Path, make_task: MakeTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What TensorFlow writes for a training lies in the worker's own folder, gone when it ends."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with Worker(threads=1, data_path=data_file) as one:
        one.train(make_task(epochs=1))
        (scratch,) = tmp_path.iterdir()
        assert list(scratch.glob("__autograph_generated_file*.py"))
        os.kill(cast("int", one.pid), signal.SIGKILL)

    assert [] == list(tmp_path.iterdir())


def test_start_does_not_wait(worker: Worker, make_task: MakeTask) -> None:
    """`start` returns while the worker still imports Keras, which takes until the first answer."""
    worker.close()
    times = [time.monotonic()]
    worker.start()
    times.append(time.monotonic())
    worker.rebuild(make_task().architecture)
    times.append(time.monotonic())

    assert times[1] - times[0] < (times[2] - times[1]) / 2


def test_close_while_another_thread_waits(worker: Worker, make_task: MakeTask) -> None:
    """Closing ends the training of another thread, which hears of it; neither meets the other."""
    begun = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        training = pool.submit(worker.train, make_task(epochs=LONG), lambda _: begun.set())
        assert begun.wait(60)
        worker.close()
        error = training.exception(30)

    assert isinstance(error, GraderError)
    assert worker.pid is None


# As above, in the caller's own thread.
@pytest.mark.nightly
def test_closed_while_a_progress_is_looked_at(worker: Worker, make_task: MakeTask) -> None:
    """A caller that closes the worker in between two replies hears that it ended."""
    with pytest.raises(GraderError, match="worker process ended"):
        worker.train(make_task(epochs=LONG), lambda _: worker.close())


def test_out_of_memory(data_file: Path, make_task: MakeTask) -> None:
    """A network that needs more memory than a worker may have is an outcome, not an error."""
    with Worker(threads=1, data_path=data_file, limits=Limits(memory_mib=600)) as small:
        # 192 x 4000 + 4000 x 4000 weights of 4 bytes, with gradients and Adam's two averages.
        training = small.train(make_task(4000, 4000))

        assert Outcome.OUT_OF_MEMORY == training.outcome
        assert "more memory than it may have" in training.message
        assert Outcome.PASSED == small.train(make_task()).outcome


def test_missing_data(worker: Worker, tmp_path: Path, make_task: MakeTask) -> None:
    """A data file that is not there is named to the person at the keyboard."""
    missing = OwnData(tmp_path / "none.npz", DataFacts("none.npz", "0" * 64, ()))

    with pytest.raises(UsageError, match=r"none\.npz: the file cannot be read \(No such"):
        worker.train(make_task(data=missing, data_sha256=missing.facts.sha256))


def test_other_number_of_threads(worker: Worker, make_task: MakeTask) -> None:
    """A training for another number of threads would give other numbers, so it is refused."""
    with pytest.raises(GraderError, match="for 2 threads was given to a worker with 1"):
        worker.train(make_task(threads=2))
