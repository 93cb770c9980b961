"""Describe, outside: hands one part file at a time to a process that nobody believes."""

from __future__ import annotations

import contextlib
import os
import sys
from types import TracebackType
from typing import Self

from grader.errors import LostProcessError
from grader.sandbox.forking import ForkingServer
from grader.sandbox.jobs import Job, Limits, Reply
from grader.sandbox.rungs import Means, means
from grader.sandbox.single import SingleProcess

# A process of macOS that has loaded Apple's libraries cannot be forked safely; Windows cannot fork.
CAN_FORK = sys.platform == "linux" and hasattr(os, "pidfd_open")


class Sandbox:
    """Describes part files, one at a time, each in a process of its own. A context manager.

    After anything odd (a limit, a lost or left-over process, too large a reply) the processes are
    killed and the next job starts anew: nothing is repaired.

        with Sandbox() as sandbox:
            sandbox.start()
            reply = sandbox.describe(Job("fc_a", "fc_a.py", code, (6912,)))
    """

    def __init__(
        self, limits: Limits | None = None, *, found: Means | None = None, forking: bool = CAN_FORK
    ) -> None:
        """`found` is what may be used of this machine; None finds out. Steps down are forced by it.

        What starts the processes must outlive them: they end with the thread that did.
        """
        self.limits = limits or Limits()
        self._found = found
        self._forking = forking
        self._worker: ForkingServer | SingleProcess | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def start(self) -> None:
        """Begins to start the process, and returns at once, so that other work can overlap."""
        self._started()

    def describe(self, job: Job) -> Reply:
        """What running the job gave. Raises GraderError where no process can be had for it."""
        with contextlib.suppress(LostProcessError):
            reply = self._describe(job)
            if not reply.lost:
                return reply
        # Once more where even the process that waits for it was lost: that may have been the
        # machine's doing.
        return self._describe(job)

    def _describe(self, job: Job) -> Reply:
        worker = self._started()
        try:
            return worker.run(job)
        finally:
            if worker.spent:
                self.close()

    def close(self) -> None:
        """Ends the process with everything it started; the next job would start a new one."""
        if self._worker is not None:
            self._worker.stop()
            self._worker = None

    def _started(self) -> ForkingServer | SingleProcess:
        if self._worker is not None and not self._worker.alive():
            self.close()
        if self._worker is None:
            self._worker = self._start()
        return self._worker

    def _start(self) -> ForkingServer | SingleProcess:
        if not self._forking:
            return SingleProcess(self.limits)
        self._found = self._found or means()
        return ForkingServer(self.limits, self._found)
