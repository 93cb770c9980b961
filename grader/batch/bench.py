"""Batch, step 2: where tasks are performed: a sandbox and a worker of one's own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TypeAlias

from grader.batch.tasks import LIMITS, THREADS, DescribeTask, RebuildTask, Result, Task, TrainTask
from grader.errors import GraderError
from grader.grading.describing import describe_source
from grader.records import Progress
from grader.sandbox.launcher import Sandbox
from grader.training.worker import Worker

# Called with the key of a training after each of its epochs.
Report: TypeAlias = Callable[[str, Progress], None]

_STILL_AT_WORK_SECONDS = 0.1


class Bench:
    """Performs one task at a time, in processes that start when they are first needed.

    Of its processes the sandbox is closed when a training begins: describing comes first, and the
    memory is the training's then. Where memory `is_tight` there is never more than one of the two.
    """

    def __init__(
        self,
        data_path: Path | None,
        report: Report,
        threads: int = THREADS,
        *,
        is_tight: bool = False,
    ) -> None:
        """`data_path` is as for `data.load`; a training takes so many `threads`."""
        self._report = report
        self._is_tight = is_tight
        self._sandbox = Sandbox(LIMITS)
        self._worker = Worker(threads, data_path)
        self._at_work = threading.Lock()
        self._is_closed = False

    def perform(self, task: Task) -> Result:
        """What the task gives. Raises GraderError where the processes fail, or are closed."""
        with self._at_work:
            if self._is_closed:
                raise GraderError("The grader is being stopped.")
            match task:
                case DescribeTask():
                    if self._is_tight:
                        self._worker.close()
                    else:
                        # What is described is rebuilt, and both import Keras first.
                        self._worker.start()
                    return describe_source(self._sandbox, task.part, task.source)
                case RebuildTask():
                    if self._is_tight:
                        self._sandbox.close()
                    return self._worker.rebuild(task.architecture)
                case TrainTask():
                    self._sandbox.close()
                    return self._worker.train(task.training, lambda p: self._report(task.key, p))

    def close(self) -> None:
        """End the processes for good, and with them what another thread has under way."""
        self._is_closed = True
        self._end_processes()
        # The other thread may be about to start one, as it does for one that was lost.
        while not self._at_work.acquire(timeout=_STILL_AT_WORK_SECONDS):
            self._end_processes()
        self._end_processes()
        self._at_work.release()

    def _end_processes(self) -> None:
        self._sandbox.close()
        self._worker.close()


_bench: ContextVar[Bench] = ContextVar("bench")


@contextmanager
def at_bench(bench: Bench) -> Iterator[None]:
    """`perform` uses this bench, in this thread."""
    token = _bench.set(bench)
    try:
        yield
    finally:
        _bench.reset(token)


def perform(task: Task) -> Result:
    """What the task gives, at the bench of the thread: what an executor is handed.

    Raises GraderError where the processes of the bench fail.
    """
    return _bench.get().perform(task)
