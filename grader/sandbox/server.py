"""Describe, inside: imports Keras once, then forks a child per job, or does its only job itself."""

from __future__ import annotations

import ctypes
import gc
import io
import os
import select
import signal
import site
import socket
import sys
import tempfile
import threading
import time
from pathlib import Path

# Imported once, here: a forked child has them for nothing. Summaries are printed through rich.
import keras  # noqa: F401
import rich.console
import rich.table  # noqa: F401
import tensorflow as tf  # noqa: F401

from grader.sandbox import child
from grader.sandbox.jobs import LENGTH, READY, STATUS

# linux/prctl.h
_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_SAMPLE_SECONDS = 0.05
_END_SECONDS = 3.0


def main(argument: str, root: str) -> None:
    """Serves the control socket of that number; told "single", does one job from standard input."""
    _hide(root)
    if argument == "single":
        _do_single_job()
    else:
        _serve(socket.socket(fileno=int(argument)))


def _hide(root: str) -> None:
    """The project's modules (grader, data, solutions) do not exist for a student's code."""
    sys.path.remove(root)
    for name in [name for name in sys.modules if name.partition(".")[0] == "grader"]:
        del sys.modules[name]
    sys.argv[:] = [""]
    # `exit()` and `quit()`, which Python started with -S lacks.
    site.setquit()


def _do_single_job() -> None:
    reply_fd = os.dup(1)
    lifeline = os.dup(0)
    with io.FileIO(lifeline, closefd=False) as job, io.BufferedReader(job) as reader:
        header = reader.read(LENGTH.size)
        if not header:
            return
        body = reader.read(LENGTH.unpack(header)[0])
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    threading.Thread(target=_end_with_launcher, args=[lifeline], daemon=True).start()
    child.run(body, reply_fd, output_fd=2, keep_fds=[lifeline])


def _end_with_launcher(lifeline: int) -> None:
    os.read(lifeline, 1)
    os._exit(1)


def _serve(control: socket.socket) -> None:
    # What a student's process leaves behind becomes a child of this process, however it was
    # detached.
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)
    gc.collect()
    gc.freeze()
    control.sendall(READY)
    while True:
        header, fds, _, _ = socket.recv_fds(control, LENGTH.size, 2)
        if not header:
            return
        reply_fd, output_fd = fds
        body = _receive(control, LENGTH.unpack(header)[0])
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            pid = os.fork()
            if pid == 0:
                _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
                os.chdir(folder)
                child.run(body, reply_fd, output_fd)
            os.close(reply_fd)
            os.close(output_fd)
            message = _await_end(pid, control)
        if message is None:
            return
        control.sendall(message)


def _prctl(option: int, value: int) -> None:
    if ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), f"prctl({option}, {value}) was refused")


def _receive(control: socket.socket, num_bytes: int) -> bytes:
    body = bytearray()
    while len(body) < num_bytes:
        chunk = control.recv(num_bytes - len(body))
        if not chunk:
            os._exit(1)
        body += chunk
    return bytes(body)


def _await_end(pid: int, control: socket.socket) -> bytes | None:
    """The child's status, once no process of its making is left; None when the launcher gave up."""
    exited = os.pidfd_open(pid)
    address_space_kib = data_kib = 0
    ready: list[int] = []
    while not ready:
        ready = select.select([exited, control.fileno()], [], [], _SAMPLE_SECONDS)[0]
        sizes = _memory_kib(pid)
        address_space_kib = max(address_space_kib, sizes.get("VmPeak", 0))
        data_kib = max(data_kib, sizes.get("VmData", 0))
    os.close(exited)
    if control.fileno() in ready:
        _end_descendants()
        return None
    _, status, usage = os.wait4(pid, 0)
    left_over = _end_descendants()
    cpu_seconds = usage.ru_utime + usage.ru_stime
    return STATUS.pack(status, cpu_seconds, address_space_kib, data_kib, left_over)


def _memory_kib(pid: int) -> dict[str, int]:
    """The Vm... lines of the process's status; none once it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text("utf-8", "replace").splitlines()
    except OSError:
        return {}
    pairs = (line.split() for line in lines if line.startswith("Vm"))
    return {name.rstrip(":"): int(kib) for name, kib, _ in pairs}


def _end_descendants() -> bool:
    """Kills until no child is left, and says whether there was any."""
    deadline = time.monotonic() + _END_SECONDS
    left_over = False
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return left_over
        left_over = True
        if pid:
            continue
        for own in _children():
            os.kill(own, signal.SIGKILL)
        if time.monotonic() > deadline:
            # They multiply faster than they are killed one by one; the group goes in one stroke,
            # this process too.
            os.killpg(0, signal.SIGKILL)
        time.sleep(0.001)


def _children() -> list[int]:
    """The processes whose parent is this one; ended ones too, until they are waited for."""
    own = str(os.getpid())
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
            except OSError:
                continue
            if fields[1] == own:
                found.append(int(entry.name))
    return found
