"""Rebuild and train, the caller's side: requests to a worker, and what its end means.

No Keras here.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from grader.errors import GraderError
from grader.records import (
    Architecture,
    Fault,
    History,
    Outcome,
    Progress,
    Rebuilt,
    Rule,
    Totals,
    Training,
)
from grader.training import endings
from grader.training.endings import Ending, Figures, Spent
from grader.training.limits import Limits
from grader.training.process import Died, End, Patience, WorkerProcess
from grader.training.task import TrainingTask
from grader.training.wire import Begun, Failed, Ready, RebuildRequest, Reply, Request, TrainRequest


def available_threads() -> int:
    """The number of processor cores that this process may use."""
    # Less than the machine has in a container or under taskset; not every system can tell.
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


class Worker:
    """A process with a fixed number of threads that rebuilds and trains, one request at a time.

    It starts at the first request, or earlier by `start()`, which returns at once. A worker that
    died or is stuck is replaced, and asked the same once more before it counts as the grader's
    fault. Any exception in the caller during a request, KeyboardInterrupt too, ends the process.
    For several trainings side by side give each thread of a pool a Worker of its own.

    >>> with Worker(threads=1) as worker:  # doctest: +SKIP
    ...     training = worker.train(task)
    """

    def __init__(
        self,
        threads: int | None = None,
        data_path: Path | None = None,
        limits: Limits | None = None,
    ) -> None:
        """`threads` None takes all cores; `data_path` is as for `data.load`."""
        self.threads = threads or available_threads()
        self._data_path = data_path
        self._limits = limits or Limits()
        self._process: WorkerProcess | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The process id; None before the start and after the end."""
        process = self._process
        return process.pid if process is not None and process.is_alive() else None

    def start(self) -> None:
        """Start the process if there is none; returns at once, while it imports Keras."""
        self._running()

    def rebuild(self, architecture: Architecture) -> Rebuilt:
        """Rows, totals and output of the network, read off the model that the worker built.

        Its fault is out_of_memory where the worker dies for want of memory, timed_out where
        computing takes longer than the limit, or twice does not end. Raises GraderError where the
        worker fails or dies of anything else.
        """
        limits = self._limits
        request = RebuildRequest(architecture, limits.rebuild_cpu_seconds)
        try:
            reply = self._ask(request, Patience(limits.rebuild_wall_seconds), _ignore)
        except Died as death:
            fault = self._fault(death)
            if fault is None:
                raise self._failure(death, "rebuilding a network") from death
            return Rebuilt((), Totals(None, None, None), (), None, fault)
        if not isinstance(reply, Rebuilt):
            raise GraderError(f"The worker answered a rebuild with {type(reply).__name__}.")
        return reply

    def train(
        self, task: TrainingTask, on_progress: Callable[[Progress], None] | None = None
    ) -> Training:
        """The result of the training; `on_progress` is called after each epoch.

        A worker that dies for want of memory gives a result with the outcome out_of_memory, one
        that computes far longer than the limit timed_out. Raises GraderError where it fails, dies
        of anything else or is stuck, UsageError where the data does not do.
        """
        if task.threads != self.threads:
            raise GraderError(
                f"A training for {task.threads} threads was given to a worker with {self.threads}."
            )
        course = _Course(on_progress)
        request = TrainRequest(task, self._limits.spare_cpu_seconds)
        patience = Patience(self._limits.silent_seconds, renewed=True)
        try:
            reply = self._ask(request, patience, course.hear)
        except Died as death:
            if death.end is End.MEMORY:
                return course.result(task, endings.out_of_memory())
            if death.end is End.CPU_LIMIT:
                ending = endings.timed_out(task, course.cpu_limit, course.epochs, Figures())
                return course.result(task, ending)
            raise self._failure(death, "training a network") from death
        if not isinstance(reply, Training):
            raise GraderError(f"The worker answered a training with {type(reply).__name__}.")
        return reply

    def close(self) -> None:
        """End the process, whatever it is doing; the next request would start another."""
        # Taken first: the thread whose request this ends will come to close the worker, too.
        process, self._process = self._process, None
        if process is not None:
            process.close()

    def _running(self) -> WorkerProcess:
        if self._process is None or not self._process.is_alive():
            self.close()
            self._process = WorkerProcess(self.threads, self._data_path, self._limits)
        return self._process

    def _ask(
        self, request: Request, patience: Patience, hear: Callable[[Reply], None]
    ) -> Rebuilt | Training:
        """The answer to one request, asked once more where the worker was lost or stuck.

        Raises Died, GraderError or UsageError.
        """
        process = self._running()
        try:
            return self._ask_once(process, request, patience, hear)
        except Died as death:
            # What another thread has closed is to stay closed.
            was_closed = self._process is not process
            if was_closed or death.end in {End.MEMORY, End.CPU_LIMIT}:
                raise
        return self._ask_once(self._running(), request, patience, hear)

    def _ask_once(
        self,
        process: WorkerProcess,
        request: Request,
        patience: Patience,
        hear: Callable[[Reply], None],
    ) -> Rebuilt | Training:
        try:
            self._await_ready(process)
            process.send(request)
            reply = _answer(process.replies(patience), hear)
        except Died:
            raise
        except BaseException:
            # Half an answer may be in the pipe, and nobody is left to wait for the rest.
            self.close()
            raise
        if isinstance(reply, Failed):
            raise reply.error
        return reply

    def _await_ready(self, process: WorkerProcess) -> None:
        """Wait for Keras, so that its import takes nobody's time. Raises Died, GraderError."""
        if process.is_ready:
            return
        try:
            for reply in process.replies(Patience(self._limits.start_seconds)):
                if isinstance(reply, Ready):
                    process.is_ready = True
                    return
        except Died as death:
            end = End.NOT_STARTED if death.end is End.SILENT else End.LOST
            raise Died(end, death.returncode, death.log) from death

    def _fault(self, death: Died) -> Fault | None:
        """The submission's fault in the end of a worker that was to rebuild a network, if any."""
        limits = self._limits
        step: dict[str, str | int] = {"step": "rebuild"}
        match death.end:
            case End.MEMORY:
                return Fault(Outcome.OUT_OF_MEMORY, Rule.MEMORY_LIMIT)
            case End.CPU_LIMIT:
                limit = {"cpu_seconds": limits.rebuild_cpu_seconds}
            case End.SILENT:
                limit = {"wall_seconds": round(limits.rebuild_wall_seconds)}
            case _:
                return None
        return Fault(Outcome.TIMED_OUT, Rule.TIME_LIMIT, step | limit)

    def _failure(self, death: Died, doing: str) -> GraderError:
        limits, code = self._limits, death.returncode
        match death.end:
            case End.SILENT:
                how = f"made no progress for {limits.silent_seconds:.0f} s while {doing}, twice"
            case End.NOT_STARTED:
                how = f"was not ready within {limits.start_seconds:.0f} s"
            case _:
                signal_or_code = f"signal {-code}" if code < 0 else f"exit code {code}"
                how = f"ended with {signal_or_code} while {doing}"
        return GraderError(
            f"The grader's worker process {how}. This is not the student's fault; run it again. "
            f"If it comes back, please report it with these last lines:\n{death.log.strip()}"
        )


class _Course:
    """What is heard of a training: its limit and the epochs finished, of the last attempt."""

    def __init__(self, on_progress: Callable[[Progress], None] | None) -> None:
        self._on_progress = on_progress
        self._started = time.monotonic()
        self.cpu_limit = 0.0
        self.epochs = 0

    def hear(self, reply: Reply) -> None:
        """Take in what is no answer yet."""
        match reply:
            case Begun(cpu_limit_seconds):
                self.cpu_limit, self.epochs = cpu_limit_seconds, 0
            case Progress(epoch):
                self.epochs = epoch
                if self._on_progress is not None:
                    self._on_progress(reply)

    def result(self, task: TrainingTask, ending: Ending) -> Training:
        """The record of a training whose worker ended so, without its figures."""
        spent = Spent(time.monotonic() - self._started, cpu_seconds=0.0)
        return replace(endings.result(task, ending, History(), spent), epochs=self.epochs)


def _answer(replies: Iterator[Reply], hear: Callable[[Reply], None]) -> Rebuilt | Training | Failed:
    """The first reply that answers the request; `hear` gets those before it."""
    for reply in replies:
        if isinstance(reply, Rebuilt | Training | Failed):
            return reply
        hear(reply)
    raise AssertionError("replies end with Died only")


def _ignore(_: Reply) -> None:
    """What a worker says while it rebuilds is of no interest."""
