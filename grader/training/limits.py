"""Rebuild and train, before anything runs: what a worker may use. No Keras here."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from grader.training.task import TrainingTask

if sys.platform != "win32":
    import resource


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
    """The system ends this process by SIGXCPU when it computes longer than that inside.

    In whole seconds, up. On Windows there is no such limit.
    """
    if sys.platform == "win32":
        yield
        return
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    end = math.ceil(time.process_time() + seconds)
    soonest = end if most == resource.RLIM_INFINITY else min(end, most)
    resource.setrlimit(resource.RLIMIT_CPU, (soonest, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_CPU, (most, most))
