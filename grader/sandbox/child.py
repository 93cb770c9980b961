"""Describe, inside: the process of one student's file: limits, then the file, then the reply."""

from __future__ import annotations

import contextlib
import itertools
import os
import sys
import time
import traceback
from collections.abc import Sequence
from typing import NoReturn, TextIO

from grader.sandbox.describe import describe
from grader.sandbox.jobs import BEGUN, GAVE_UP, MIB, OUTPUT_BEGUN, Limits, decode

if sys.platform != "win32":
    import resource


def run(body: bytes, reply_fd: int, output_fd: int, keep_fds: Sequence[int] = ()) -> NoReturn:
    """Does the job and ends the process: exit status 0 says that the whole document was written."""
    # Kept from here on, since the student's code may put anything in their places.
    write, leave = os.write, os._exit
    begun = False
    try:
        job, limits = decode(body)
        _redirect(output_fd)
        _close_all_but({0, 1, 2, reply_fd, *keep_fds})
        _limit(limits)
        write(1, OUTPUT_BEGUN)
        write(reply_fd, BEGUN)
        begun = True
        rest = memoryview(describe(job))
        _flush()
        while rest:
            rest = rest[write(reply_fd, rest) :]
    except BaseException:  # noqa: BLE001 - whatever happens, nothing runs on in a copy of the server
        if not begun:
            traceback.print_exc()
        leave(GAVE_UP)
    leave(0)


def _redirect(output_fd: int) -> None:
    """What is printed goes to the output pipe, line by line: a crash loses no more than a line."""
    os.dup2(output_fd, 1)
    os.dup2(output_fd, 2)
    sys.stdout, sys.stderr = _text_stream(1), _text_stream(2)


def _text_stream(fd: int) -> TextIO:
    return open(fd, "w", 1, encoding="utf-8", errors="backslashreplace", closefd=False)


def _close_all_but(keep: set[int]) -> None:
    if sys.platform == "win32":
        return
    highest = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    edges = sorted({-1, highest, *keep})
    for low, high in itertools.pairwise(edges):
        # os.closerange(0, 0) closes everything (Python 3.11), not nothing.
        if low + 1 < high:
            os.closerange(low + 1, high)


def _limit(limits: Limits) -> None:
    if sys.platform == "win32":
        return
    # In a process that was not forked the import has used CPU time already; whole seconds, up.
    cpu_seconds = int(time.process_time() + 0.9) + limits.cpu_seconds
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (limits.open_files, limits.open_files))
    if sys.platform == "linux":
        _limit_memory(resource.RLIMIT_AS, limits.address_space_mib)
        _limit_memory(resource.RLIMIT_DATA, limits.data_mib)


def _limit_memory(kind: int, mib: int) -> None:
    resource.setrlimit(kind, (mib * MIB, mib * MIB))


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(BaseException):
            stream.flush()
