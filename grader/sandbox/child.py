"""Describe, inside: the process of one student's file: confined, then the file, then the reply."""

from __future__ import annotations

import contextlib
import itertools
import os
import sys
import time
import traceback
from collections.abc import Sequence
from typing import NoReturn, TextIO

from grader.sandbox.confine import confine, limit
from grader.sandbox.describe import describe
from grader.sandbox.jobs import BEGUN, GAVE_UP, OUTPUT_BEGUN, decode

if sys.platform != "win32":
    import fcntl
    import resource
    import termios


def run(
    body: bytes,
    reply_fd: int,
    output_fd: int,
    *,
    parent: int = 0,
    keep_fds: Sequence[int] = (),
) -> NoReturn:
    """Does the job and ends the process: exit status 0 says that the whole document was written."""
    # Kept from here on, since the student's code may put anything in their places.
    write, leave = os.write, os._exit
    begun = False
    try:
        job, limits, confinement = decode(body)
        _redirect(output_fd)
        _close_all_but({0, 1, 2, reply_fd, *keep_fds})
        if confinement:
            confine(confinement, limits, parent)
        else:
            limit(limits, parent)
        _hand_over(1, OUTPUT_BEGUN)
        _hand_over(reply_fd, BEGUN)
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


def _hand_over(fd: int, mark: bytes) -> None:
    """Writes the mark and waits until it is read: the student's code could take it back."""
    os.write(fd, mark)
    waiting = bytes(4)
    while sys.platform != "win32" and any(fcntl.ioctl(fd, termios.FIONREAD, waiting)):
        time.sleep(0.0005)


def _redirect(output_fd: int) -> None:
    """What is printed goes to the output pipe, line by line: a crash loses no more than a line."""
    # Opened anew: flags that one file sets on a descriptor of the server's, the next file finds.
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
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


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(BaseException):
            stream.flush()
