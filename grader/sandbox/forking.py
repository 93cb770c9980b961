"""Describe, outside: the warm server, which has imported Keras and forks a child per job (Linux).

The reply comes through a pipe that the server does not keep. The server tells how the child ended,
and ends together with everything it started when its control socket closes, however that comes
about.
"""

from __future__ import annotations

import contextlib
import io
import os
import signal
import socket
import subprocess
import tempfile
import time

from grader.errors import GraderError, LostProcessError
from grader.sandbox import bubblewrap, program
from grader.sandbox.draining import Drain
from grader.sandbox.endings import Ended, reply_of
from grader.sandbox.jobs import MIB, READY, STATUS, TAKE, Confinement, Job, Limits, Reply, encode
from grader.sandbox.landlock import TRUNCATION_SINCE
from grader.sandbox.rungs import FIRST_USER, NUM_USERS, Means, Rung

_STOP_SECONDS = 5.0
# In a bubblewrap: its own, the server, the student's; some more for those that start and end.
_MOST_PROCESSES = 8


class ForkingServer:
    """One warm server in a process group of its own. `spent`: not to be used for another job.

    Only a full sandbox takes a second job: with less the first may have reached the server.
    """

    def __init__(self, limits: Limits, found: Means) -> None:
        self.spent = False
        self._limits = limits
        self._ready = False
        self._takes_more = found.rung is Rung.FULL
        self._folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - closed by stop
        self._in_bubblewrap = not found.bubblewrap
        home = bubblewrap.HOME if self._in_bubblewrap else self._folder.name
        self._confinement = _confinement(found, home)
        self._control, theirs = socket.socketpair()
        with theirs:
            command = program.command(str(theirs.fileno()))
            environment = program.environment(home)
            if self._in_bubblewrap:
                shown = [*program.readable(), *map(str, program.INSIDE)]
                command = bubblewrap.wrapped(command, environment, shown)
            self._process = subprocess.Popen(
                command,
                # Bubblewrap clears this one for the inside.
                env=environment | {"TMPDIR": self._folder.name},
                cwd=self._folder.name,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._log,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )

    def alive(self) -> bool:
        """Whether the server's process still runs."""
        return self._process.poll() is None

    def run(self, job: Job) -> Reply:
        """The reply to one job. Raises GraderError where the server or a child cannot be set up."""
        self._await_ready()
        self.spent = True
        reply, reply_end = self._pipe(self._limits.reply_bytes, give_up_when_cut=True)
        output, output_end = self._pipe(self._limits.output_bytes)
        fds = [_in_memory(encode(job, self._limits, self._confinement)), reply_end, output_end]
        try:
            self._send(fds)
        finally:
            for fd in fds:
                os.close(fd)
        ended, left_over = self._await_end()
        if ended.code is None or left_over:
            self.stop()
        drained = reply.finish(_STOP_SECONDS) and output.finish(_STOP_SECONDS)
        is_odd = ended.code is None or left_over or not drained
        self.spent = is_odd or not self._takes_more
        return reply_of(ended, reply, output, self._limits)

    def stop(self) -> None:
        """Ends the server with everything it started; harmless when that is done already."""
        self._give_up()
        # One that has not run anything yet has nothing to clear away, and may import for seconds.
        if self._ready:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_STOP_SECONDS)
        # Also when the server itself is gone: what it started may still be in its group.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._control.close()
        self._log.close()
        self._folder.cleanup()

    def _pipe(self, keep_bytes: int, *, give_up_when_cut: bool = False) -> tuple[Drain, int]:
        ours, theirs = os.pipe()
        pipe = io.FileIO(ours)
        return Drain(pipe, keep_bytes, self._give_up if give_up_when_cut else None), theirs

    def _give_up(self) -> None:
        """The server reads the end of its control socket, kills what it started, and exits."""
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)

    def _send(self, fds: list[int]) -> None:
        # The server sees all processes only where its user has none but those in the sandbox.
        most_processes = _MOST_PROCESSES if self._in_bubblewrap else 0
        most_mib = self._limits.resident_mib
        try:
            socket.send_fds(self._control, [TAKE.pack(most_processes, most_mib)], fds)
        except OSError as error:
            raise LostProcessError(f"The process for students' files was lost: {error}") from error

    def _await_ready(self) -> None:
        if self._ready:
            return
        with contextlib.suppress(TimeoutError, ConnectionError):
            self._ready = self._receive(len(READY), self._limits.start_seconds) == READY
        if not self._ready:
            self.spent = True
            self._log.seek(0)
            said = self._log.read()[-2000:].decode("utf-8", "replace").strip()
            raise GraderError(
                "The process that imports Keras for students' files did not start within "
                f"{self._limits.start_seconds:.0f} s. It said: {said or 'nothing'}"
            )

    def _await_end(self) -> tuple[Ended, bool]:
        try:
            message = self._receive(STATUS.size, self._limits.wall_seconds)
        except TimeoutError:
            return Ended(code=None, out_of_time=True), False
        except ConnectionError:
            message = b""
        if len(message) < STATUS.size:
            return Ended(code=None), False
        status, cpu_seconds, address_space_kib, data_kib, left_over = STATUS.unpack(message)
        share = max(
            address_space_kib * 1024 / (self._limits.address_space_mib * MIB),
            data_kib * 1024 / (self._limits.data_mib * MIB),
        )
        try:
            code = os.waitstatus_to_exitcode(status)
        except ValueError:
            # Nothing that a server says of itself: with bubblewrap alone it can be made to.
            return Ended(code=None), False
        return Ended(code, cpu_seconds, share), left_over

    def _receive(self, num_bytes: int, seconds: float) -> bytes:
        """That many bytes, fewer at the end of the stream. Raises TimeoutError."""
        deadline = time.monotonic() + seconds
        received = b""
        while len(received) < num_bytes:
            # 0 would be no time limit but a socket that does not wait.
            self._control.settimeout(max(deadline - time.monotonic(), 0.001))
            chunk = self._control.recv(num_bytes - len(received))
            if not chunk:
                break
            received += chunk
        return received


def _confinement(found: Means, home: str) -> Confinement | None:
    """What the student's process is to do to itself; None for limits only."""
    if found.rung is Rung.UNCONFINED:
        return None
    in_bubblewrap = not found.bubblewrap
    own_user = found.own_user and not in_bubblewrap
    return Confinement(
        readable=(*program.readable(), home),
        landlock=found.landlock,
        seccomp=not found.seccomp,
        truncating=in_bubblewrap or found.landlock >= TRUNCATION_SINCE,
        own_namespace=in_bubblewrap and found.landlock > 0,
        user=FIRST_USER + os.getpid() % NUM_USERS if own_user else None,
        capability=found.capability,
    )


def _in_memory(content: bytes) -> int:
    """The descriptor of a file in memory that holds the bytes, to be read from their beginning."""
    fd = os.memfd_create("job")
    os.write(fd, content)
    os.lseek(fd, 0, os.SEEK_SET)
    return fd
