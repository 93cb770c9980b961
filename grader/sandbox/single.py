"""Describe, outside: a fresh process per job, where forking is not safe (macOS, Windows)."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
from typing import IO, cast

from grader.sandbox import program
from grader.sandbox.draining import Drain
from grader.sandbox.endings import Ended, reply_of
from grader.sandbox.jobs import LENGTH, Job, Limits, Reply, encode

_STOP_SECONDS = 5.0


class SingleProcess:
    """A process that has imported Keras and waits on its standard input for its only job.

    It writes its document to standard output and all that is printed to standard error, and ends
    when its standard input does. Its CPU time is not told apart from that of the import, and so is
    not reported.
    """

    def __init__(self, limits: Limits) -> None:
        self.spent = False
        self._limits = limits
        self._folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self._process = subprocess.Popen(
            program.command("single"),
            env=program.environment(self._folder.name),
            cwd=self._folder.name,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
        )
        pipes = (self._process.stdin, self._process.stdout, self._process.stderr)
        self._stdin, self._stdout, self._stderr = (cast("IO[bytes]", pipe) for pipe in pipes)

    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def run(self, job: Job) -> Reply:
        """The reply to the job. Raises GraderError where the process cannot be set up."""
        self.spent = True
        reply = Drain(self._stdout, self._limits.reply_bytes, self._kill)
        output = Drain(self._stderr, self._limits.output_bytes)
        # In a thread, since a job is longer than a pipe holds and is not read before Keras is
        # imported.
        threading.Thread(target=self._feed, args=[encode(job, self._limits)], daemon=True).start()
        reply.begun.wait(self._limits.start_seconds)
        ended = self._await_end()
        self._kill()
        reply.finish(_STOP_SECONDS)
        output.finish(_STOP_SECONDS)
        return reply_of(ended, reply, output, self._limits)

    def stop(self) -> None:
        """Ends the process and its group; harmless when that is done already."""
        self._kill()
        self._process.wait()
        self._stdin.close()
        self._folder.cleanup()

    def _await_end(self) -> Ended:
        try:
            return Ended(self._process.wait(self._limits.wall_seconds))
        except subprocess.TimeoutExpired:
            return Ended(code=None, out_of_time=True)

    def _feed(self, body: bytes) -> None:
        rest = memoryview(LENGTH.pack(len(body)) + body)
        with contextlib.suppress(OSError):
            while rest:
                rest = rest[self._stdin.write(rest) :]

    def _kill(self) -> None:
        if sys.platform == "win32":
            self._process.kill()
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
