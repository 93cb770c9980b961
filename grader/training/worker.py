"""Training, the caller's side: a process that rebuilds and trains on request. No Keras here."""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO, BinaryIO, Self, cast

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
from grader.training.endings import Spent
from grader.training.task import TrainingTask
from grader.training.wire import (
    MEMORY_RUNS_OUT,
    Failed,
    RebuildRequest,
    Request,
    TrainRequest,
    receive_reply,
    send,
)

MEMORY_MIB = 3072
# As Popen gives signals: SIGKILL; SIGABRT, SIGBUS and SIGSEGV.
_KILLED = -9
_CRASHES = (-6, -7, -11)
_LOG_CHARACTERS = 4000
# Settings of these programs that the user's shell may hold would change the numbers.
_FOREIGN_PREFIXES = ("TF_", "KERAS_", "XLA_", "OMP_", "MKL_", "DNNL_", "ONEDNN_", "CUDA_")
# What the log of a worker holds when an allocation failed where Python could not catch it.
_ALLOCATION_FAILURES = ("bad_alloc", "MemoryError", "out of memory", "Cannot allocate memory")


def available_threads() -> int:
    """The number of processor cores that this process may use."""
    # Less than the machine has in a container or under taskset; not every system can tell.
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


class _Died(Exception):  # noqa: N818 - turned into a GraderError or a result before it leaves the module
    """The worker process ended in the middle of a request."""

    def __init__(self, returncode: int, log: str, *, out_of_memory: bool) -> None:
        super().__init__(returncode)
        self.returncode = returncode
        self.log = log
        self.out_of_memory = out_of_memory


class Worker:
    """A process with a fixed number of threads that rebuilds and trains, one request at a time.

    It starts at the first request, or earlier by `start()`, which returns at once. A worker that
    died is replaced at the next request. Any exception in the caller during a request,
    KeyboardInterrupt too, ends the process. For several trainings side by side give each thread of
    a pool a Worker of its own. Of memory a worker may have `memory_mib`.

    >>> with Worker(threads=1) as worker:  # doctest: +SKIP
    ...     training = worker.train(task)
    """

    def __init__(
        self,
        threads: int | None = None,
        data_path: Path | None = None,
        memory_mib: int = MEMORY_MIB,
    ) -> None:
        """`threads` None takes all cores; `data_path` is as for `data.load`."""
        self.threads = threads or available_threads()
        self._data_path = data_path
        self._memory_mib = memory_mib
        self._process: subprocess.Popen[bytes] | None = None
        self._log: IO[bytes] | None = None
        self._oom_kills = 0

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
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """Start the process if there is none; returns at once, while it imports Keras."""
        if self._process is not None and self._process.poll() is None:
            return
        self.close()
        self._oom_kills = _count_oom_kills()
        # Without a name, so that it is gone with the two processes, however they end.
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - closed in `close`
        self._process = subprocess.Popen(
            self._command(),
            env=_environment(self.threads),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            # Ctrl-C in the terminal is for the caller, who then ends the worker.
            start_new_session=True,
        )

    def rebuild(self, architecture: Architecture) -> Rebuilt:
        """Rows, totals and output of the network, read off the model that the worker built.

        Its fault is out_of_memory where the worker dies for want of memory. Raises GraderError
        where it fails or dies of anything else.
        """
        try:
            reply = self._ask(RebuildRequest(architecture), None)
        except _Died as death:
            if death.out_of_memory:
                fault = Fault(Outcome.OUT_OF_MEMORY, Rule.MEMORY_LIMIT)
                return Rebuilt((), Totals(None, None, None), (), None, fault)
            raise _failure(death, "rebuilding a network") from death
        if not isinstance(reply, Rebuilt):
            raise GraderError(f"The worker answered a rebuild with {type(reply).__name__}.")
        return reply

    def train(
        self, task: TrainingTask, on_progress: Callable[[Progress], None] | None = None
    ) -> Training:
        """The result of the training; `on_progress` is called after each epoch.

        A worker that dies for want of memory gives a result with the outcome out_of_memory. Raises
        GraderError where it fails or dies of anything else, UsageError where the data does not do.
        """
        if task.threads != self.threads:
            raise GraderError(
                f"A training for {task.threads} threads was given to a worker with {self.threads}."
            )
        started = time.monotonic()
        try:
            reply = self._ask(TrainRequest(task), on_progress)
        except _Died as death:
            if not death.out_of_memory:
                raise _failure(death, "training a network") from death
            spent = Spent(time.monotonic() - started, cpu_seconds=0.0)
            return endings.result(task, endings.out_of_memory(), History(), spent)
        if not isinstance(reply, Training):
            raise GraderError(f"The worker answered a training with {type(reply).__name__}.")
        return reply

    def close(self) -> None:
        """End the process, whatever it is doing; the next request would start another."""
        # Taken first: the thread whose request this ends will come to close the worker, too.
        process, self._process = self._process, None
        log, self._log = self._log, None
        if process is not None:
            process.kill()
            for stream in (process.stdin, process.stdout):
                # What is left in the buffer was for the process that is gone.
                with contextlib.suppress(OSError):
                    cast("BinaryIO", stream).close()
            process.wait()
        if log is not None:
            log.close()

    def _ask(
        self, request: Request, on_progress: Callable[[Progress], None] | None
    ) -> Rebuilt | Training:
        """The answer to one request; raises _Died, GraderError or UsageError."""
        self.start()
        process = cast("subprocess.Popen[bytes]", self._process)
        log = cast("IO[bytes]", self._log)
        try:
            send(cast("BinaryIO", process.stdin), request)
            while isinstance(reply := receive_reply(cast("BinaryIO", process.stdout)), Progress):
                if on_progress is not None:
                    on_progress(reply)
        except (EOFError, pickle.UnpicklingError, OSError) as error:
            raise self._obituary(process, log) from error
        except BaseException:
            # Half an answer may be in the pipe, and nobody is left to wait for the rest.
            self.close()
            raise
        if isinstance(reply, Failed):
            raise reply.error
        return reply

    def _command(self) -> list[str]:
        # -P: the folder in which the student works is no place to import from.
        return [
            *(sys.executable, "-P", "-m", "grader.training.serve"),
            *(str(os.getpid()), str(self._memory_mib), str(self.threads)),
            str(self._data_path or ""),
        ]

    def _obituary(self, process: subprocess.Popen[bytes], log: IO[bytes]) -> _Died:
        """Why the process ended, as far as exit, log and system tell; clears it away."""
        returncode = process.wait()
        try:
            log.seek(0)
            text = log.read().decode("utf-8", errors="replace")
        except (OSError, ValueError):
            # Another thread has closed the worker meanwhile.
            text = ""
        killed_for_memory = returncode == _KILLED and _count_oom_kills() > self._oom_kills
        crashed_for_memory = returncode in _CRASHES and MEMORY_RUNS_OUT in text
        failed_allocation = any(words in text for words in _ALLOCATION_FAILURES)
        self.close()
        return _Died(
            returncode,
            text[-_LOG_CHARACTERS:],
            out_of_memory=killed_for_memory or crashed_for_memory or failed_allocation,
        )


def _failure(death: _Died, doing: str) -> GraderError:
    code = death.returncode
    how = f"signal {-code}" if code < 0 else f"exit code {code}"
    return GraderError(
        f"The grader's worker process ended with {how} while {doing}. This is not the student's "
        "fault; run it again. If it comes back, please report it with these last lines:\n"
        f"{death.log.strip()}"
    )


def _environment(threads: int) -> dict[str, str]:
    """The worker's environment: the caller's, without what would change the numbers."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN_PREFIXES)
    }
    return kept | {
        "KERAS_BACKEND": "tensorflow",
        # A folder that cannot be: the user's keras.json may set another float type or layout.
        "KERAS_HOME": os.path.join(os.devnull, "keras"),  # noqa: PTH118 - no Path is needed
        "OMP_NUM_THREADS": str(threads),
        "TF_NUM_INTRAOP_THREADS": str(threads),
        "TF_NUM_INTEROP_THREADS": str(threads),
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "CUDA_VISIBLE_DEVICES": "-1",
    }


def _count_oom_kills() -> int:
    """How many processes the system has killed for want of memory; 0 where it does not tell."""
    try:
        lines = Path("/proc/vmstat").read_text("ascii").splitlines()
    except OSError:
        return 0
    counts = dict(line.split() for line in lines)
    return int(counts.get("oom_kill", 0))
