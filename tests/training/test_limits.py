"""Limits: what computes without end, or not at all, is ended; a busy machine is no one's fault."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import cast

import pytest

from grader import messages
from grader.errors import GraderError
from grader.records import Architecture, Fault, Outcome, Progress, Rule, Splits
from grader.training.limits import Limits
from grader.training.process import CPU_LIMIT
from grader.training.task import TrainingTask
from grader.training.worker import Worker

pytestmark = pytest.mark.slow

MakeTask = Callable[..., TrainingTask]
MakeNetwork = Callable[[int], Architecture]
LONG = 100_000
# The decomposition of a matrix of this side takes a core far more than a second.
WIDE = 6000


COUNTED_OTHERWISE = """
import time
from grader.training.limits import cpu_limited
counted = time.process_time
while counted() < 1.5:
    pass
time.process_time = lambda: counted() - 1.5
with cpu_limited(0.5):
    while counted() < 1.7:
        pass
while counted() < 2.5:
    pass
print("allowed", flush=True)
with cpu_limited(0.5):
    while counted() < 30:
        pass
print("not ended")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_what_was_computed_before_a_limit_does_not_count() -> None:
    """The system's count for its limits and Python's drift apart, by a tenth on a busy core.

    After a training of minutes that is more than a network may take to be built.
    """
    done = subprocess.run(
        [sys.executable, "-c", COUNTED_OTHERWISE], capture_output=True, text=True, check=False
    )

    assert "allowed\n" == done.stdout
    assert done.returncode == CPU_LIMIT


@pytest.fixture(scope="module")
def hasty(data_file: Path) -> Iterator[Worker]:
    """A worker that the system ends after a second of computing, or at twice a part's limit."""
    limits = Limits(rebuild_cpu_seconds=1, spare_cpu_seconds=0)
    with Worker(threads=1, data_path=data_file, limits=limits) as one:
        yield one


def test_network_that_computes_too_long_to_be_built(hasty: Worker, orthogonal: MakeNetwork) -> None:
    """Rebuilding is ended by the system, which is an outcome; the next network is built."""
    fault = hasty.rebuild(orthogonal(WIDE)).fault
    following = hasty.rebuild(orthogonal(4)).fault

    assert_took_too_long(fault, {"cpu_seconds": 1})
    assert following is None


def test_network_that_takes_too_long_to_be_built(data_file: Path, orthogonal: MakeNetwork) -> None:
    """On the clock, too, rebuilding is ended, once more in another process."""
    limits = Limits(rebuild_wall_seconds=1.0)
    with Worker(threads=1, data_path=data_file, limits=limits) as impatient:
        fault = impatient.rebuild(orthogonal(WIDE)).fault

    assert_took_too_long(fault, {"wall_seconds": 1})


def assert_took_too_long(fault: Fault | None, limit: dict[str, int]) -> None:
    """The submission is told which step took longer than which limit."""
    assert fault is not None
    assert (Outcome.TIMED_OUT, Rule.TIME_LIMIT) == (fault.outcome, fault.rule)
    assert limit.items() <= fault.details.items()
    assert "building it anew" in messages.fault_message(fault, "fc_a.py")


def test_training_that_cannot_stop_in_order(
    hasty: Worker, make_task: MakeTask, orthogonal: MakeNetwork
) -> None:
    """A training that never comes to the end of a batch is ended by the system, as timed out."""
    task = make_task(architecture=orthogonal(WIDE), time_limit_seconds=0.5)

    training = hasty.train(task)

    assert (Outcome.TIMED_OUT, 0) == (training.outcome, training.epochs)
    # One that stops in order is measured.
    assert Splits(None, None, None) == training.accuracy
    assert "the limit of this part on this machine, with 0 of 3 epochs" in training.message


def test_stuck_worker_is_the_graders_fault(data_file: Path, make_task: MakeTask) -> None:
    """A worker that does nothing any more is replaced, once, and then the grader is at fault."""
    pids: list[int] = []

    def stop(_: Progress) -> None:
        pids.append(cast("int", stuck.pid))
        os.kill(pids[-1], signal.SIGSTOP)

    with (
        Worker(threads=1, data_path=data_file, limits=Limits(silent_seconds=5.0)) as stuck,
        pytest.raises(GraderError, match="no progress for 5 s while training a network, twice"),
    ):
        stuck.train(make_task(epochs=LONG), stop)

    assert 2 == len(set(pids))


def test_stuck_start_is_the_graders_fault(data_file: Path, orthogonal: MakeNetwork) -> None:
    """A worker that does not get ready takes no time of a network's."""
    with (
        Worker(threads=1, data_path=data_file, limits=Limits(start_seconds=0.1)) as slow,
        pytest.raises(GraderError, match=r"was not ready within 0 s\. This is not the student's"),
    ):
        slow.rebuild(orthogonal(4))


def test_lost_worker_is_replaced(worker: Worker, make_task: MakeTask) -> None:
    """What a worker was at when it was killed another one does, with the same numbers."""
    expected = worker.train(make_task())
    heard: list[int] = []

    def kill_once(progress: Progress) -> None:
        if not heard:
            os.kill(cast("int", worker.pid), signal.SIGKILL)
        heard.append(progress.epoch)

    training = worker.train(make_task(), kill_once)

    assert (Outcome.PASSED, expected.history) == (training.outcome, training.history)
    assert [1, 1, 2, 3] == [heard[0], *heard[-3:]]


@pytest.mark.skipif(
    not hasattr(os, "sched_setaffinity"), reason="cores can be chosen on Linux only"
)
def test_workers_that_share_a_core(worker: Worker, data_file: Path, make_task: MakeTask) -> None:
    """Trainings that wait for each other's core take hardly more computing time than alone."""
    task = make_task(512, 512, epochs=30)
    alone = worker.train(task)
    limited = make_task(512, 512, epochs=30, time_limit_seconds=2 * alone.cpu_seconds)
    cores = os.sched_getaffinity(0)
    with Worker(1, data_file) as other, ThreadPoolExecutor(2) as pool:
        # Until it has started the threads that compute.
        other.rebuild(task.architecture)
        for one in (worker, other):
            keep_to(one, {min(cores)})
        trainings = list(pool.map(lambda one: one.train(limited), (worker, other)))
    keep_to(worker, cores)

    assert [Outcome.PASSED] * 2 == [training.outcome for training in trainings]
    assert {alone.history} == {training.history for training in trainings}


def keep_to(worker: Worker, cores: set[int]) -> None:
    """Let all threads of the worker run on these cores only."""
    for thread in Path(f"/proc/{worker.pid}/task").iterdir():
        os.sched_setaffinity(int(thread.name), cores)
