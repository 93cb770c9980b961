"""Rebuild and train, the caller's side: one worker process, from its start to its end.

No Keras here.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, cast

from grader.training.limits import Limits
from grader.training.scratch import ScratchFolder
from grader.training.wire import MEMORY_RUNS_OUT, Reply, Request, receive_reply, send

# As Popen gives signals: SIGKILL; SIGABRT, SIGBUS and SIGSEGV.
_KILLED = -9
_CRASHES = (-6, -7, -11)
# Unknown on Windows, where no limit on computing can be set either.
CPU_LIMIT = -getattr(signal, "SIGPROF", 0) or None
_LOG_CHARACTERS = 4000
_STEP_SECONDS = 1.0
# Settings of these programs that the user's shell may hold would change the numbers.
_FOREIGN_PREFIXES = ("TF_", "KERAS_", "XLA_", "OMP_", "MKL_", "DNNL_", "ONEDNN_", "CUDA_")
# What the log of a worker holds when an allocation failed where Python could not catch it.
_ALLOCATION_FAILURES = ("bad_alloc", "MemoryError", "out of memory", "Cannot allocate memory")


class End(StrEnum):
    """Why a worker process ended, or had to be ended, before it had answered."""

    LOST = "lost"
    MEMORY = "memory"
    CPU_LIMIT = "cpu_limit"
    SILENT = "silent"
    NOT_STARTED = "not_started"


class Died(Exception):  # noqa: N818 - turned into a GraderError or a result before it leaves the package
    """The worker process ended in the middle of a request; `log` is the end of what it wrote."""

    def __init__(self, end: End, returncode: int, log: str) -> None:
        super().__init__(end, returncode)
        self.end = end
        self.returncode = returncode
        self.log = log


@dataclass(frozen=True)
class Patience:
    """How long a caller waits: `seconds` in all, or, `renewed`, so long after each reply."""

    seconds: float
    renewed: bool = False


class WorkerProcess:
    """A started process that serves requests; `close` ends it and clears up."""

    def __init__(self, threads: int, data_path: Path | None, limits: Limits) -> None:
        """Return at once, while the process imports Keras; `data_path` is as for `data.load`."""
        self._oom_kills = count_oom_kills()
        self._scratch = ScratchFolder()
        # Without a name, so that it is gone with the two processes, however they end.
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - closed in `close`
        self._process = subprocess.Popen(
            # -P: the folder in which the student works is no place to import from.
            [
                *(sys.executable, "-P", "-m", "grader.training.serve"),
                *(str(os.getpid()), str(limits.memory_mib), str(threads)),
                *(str(self._scratch.path), str(data_path or "")),
            ],
            env=_environment(threads, self._scratch.path),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            # Ctrl-C in the terminal is for the caller, who then ends the worker.
            start_new_session=True,
        )
        self._inbox: queue.SimpleQueue[Reply | None] = queue.SimpleQueue()
        replies = cast("BinaryIO", self._process.stdout)
        threading.Thread(target=_listen, args=(replies, self._inbox), daemon=True).start()
        self.is_ready = False

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def is_alive(self) -> bool:
        """Whether the process has not ended yet."""
        return self._process.poll() is None

    def send(self, request: Request) -> None:
        """Hand in a request; raises Died."""
        try:
            send(cast("BinaryIO", self._process.stdin), request)
        except (OSError, ValueError) as error:
            raise self._obituary() from error

    def replies(self, patience: Patience) -> Iterator[Reply]:
        """What the worker says from now on; raises Died where it ends or patience does."""
        left = patience.seconds
        while True:
            started = time.monotonic()
            step = max(min(left, _STEP_SECONDS), 0.0)
            try:
                reply = self._inbox.get(timeout=step)
            except queue.Empty:
                left -= step
                if left <= 0:
                    raise self._silence() from None
                continue
            # No more than the step: time in which the caller itself was stopped does not count.
            waited = min(time.monotonic() - started, step)
            left = patience.seconds if patience.renewed else left - waited
            if reply is None:
                raise self._obituary()
            yield reply

    def close(self) -> None:
        """End the process, whatever it is doing, and remove what it leaves."""
        self._process.kill()
        # What is left in the buffer was for the process that is gone.
        with contextlib.suppress(OSError):
            cast("BinaryIO", self._process.stdin).close()
        self._process.wait()
        self._log.close()
        self._scratch.remove()

    def _silence(self) -> Died:
        log = self._read_log()
        self.close()
        return Died(End.SILENT, self._process.returncode, log)

    def _obituary(self) -> Died:
        """Why the process ended, as far as exit, log and system tell; clears it away."""
        returncode = self._process.wait()
        log = self._read_log()
        killed_for_memory = returncode == _KILLED and count_oom_kills() > self._oom_kills
        crashed_for_memory = returncode in _CRASHES and MEMORY_RUNS_OUT in log
        failed_allocation = any(words in log for words in _ALLOCATION_FAILURES)
        self.close()
        end = End.LOST
        if returncode == CPU_LIMIT:
            end = End.CPU_LIMIT
        elif killed_for_memory or crashed_for_memory or failed_allocation:
            end = End.MEMORY
        return Died(end, returncode, log[-_LOG_CHARACTERS:])

    def _read_log(self) -> str:
        try:
            self._log.seek(0)
            return self._log.read().decode("utf-8", errors="replace")
        except (OSError, ValueError):
            # Another thread has closed the worker meanwhile.
            return ""


def _listen(replies: BinaryIO, inbox: queue.SimpleQueue[Reply | None]) -> None:
    """Put replies in the inbox, None once there will be no more."""
    with replies, contextlib.suppress(EOFError, OSError):
        while True:
            inbox.put(receive_reply(replies))
    inbox.put(None)


def _environment(threads: int, scratch: Path) -> dict[str, str]:
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
        # All names by which systems know it.
        **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch)),
    }


def count_oom_kills() -> int:
    """How many processes the system has killed for want of memory; 0 where it does not tell."""
    try:
        lines = Path("/proc/vmstat").read_text("ascii").splitlines()
    except OSError:
        return 0
    counts = dict(line.split() for line in lines)
    return int(counts.get("oom_kill", 0))
