"""Rebuild and train, before anything runs: what a worker may use. No Keras here."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from grader.training.task import TrainingTask


@dataclass(frozen=True)
class Limits:
    """What a worker may use, and how long its caller waits for it.

    CPU seconds are of all threads of the process, the others pass on the wall. To rebuild a network
    and try it takes a part of a second of computing for those of the sheets. A training ends in
    order when its own limit is reached, after a batch; one that cannot, since a single batch takes
    so long, is ended at twice that limit and `spare_cpu_seconds`. A worker that computes says so
    after each second of computing: one that is silent for `silent_seconds` is stuck.
    """

    memory_mib: int = 3072
    start_seconds: float = 300.0
    rebuild_cpu_seconds: int = 20
    rebuild_wall_seconds: float = 60.0
    spare_cpu_seconds: int = 60
    silent_seconds: float = 300.0


def cpu_limit_seconds(task: TrainingTask, slowness: float = 1.0) -> float:
    """CPU seconds that the training may use: the part's limit by threads and `slowness`.

    CPU time counts all threads of the process. Work that threads share costs hardly more of it, but
    threads that wait for each other spin. Times their number, the limit is the same wall time as on
    one thread where all of them are busy all the time, and longer where they are not. For
    `slowness` see `grader.training.speed`.
    """
    return task.time_limit_seconds * task.threads * slowness


@contextmanager
def cpu_limited(seconds: float) -> Iterator[None]:
    """The system ends this process by SIGPROF when it computes longer than that inside.

    RLIMIT_CPU would count from the start of the process, in ticks, and `time.process_time()` counts
    the time itself: on a busy core they drift apart by a tenth, in minutes of training by more than
    it takes to build a network. On Windows there is no such limit.
    """
    if sys.platform == "win32":
        yield
        return
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
