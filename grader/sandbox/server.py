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
import threading
import time
from pathlib import Path

# Imported once, here: a forked child has them for nothing. Summaries are printed through rich.
import keras  # noqa: F401
import matplotlib as mpl
import rich.console
import rich.table  # noqa: F401
import tensorflow as tf  # noqa: F401

from grader.sandbox import child
from grader.sandbox.jobs import LENGTH, MOST_THREADS, READY, STATUS, TAKE

# linux/prctl.h
_PR_SET_CHILD_SUBREAPER = 36
_SAMPLE_SECONDS = 0.05
_END_SECONDS = 3.0


def main(argument: str, root: str) -> None:
    """Serves the control socket of that number; told "single", does one job from standard input."""
    # Asked for and remembered now: where nothing can be written Matplotlib would not be imported.
    mpl.get_configdir()
    mpl.get_cachedir()
    _work_in_empty_folder()
    _hide(root)
    # Here to stay from now on, with the little garbage among it; a student's file finds the
    # collector as it always is.
    gc.freeze()
    gc.enable()
    if argument == "single":
        _do_single_job()
    else:
        _serve(socket.socket(fileno=int(argument)))


def _work_in_empty_folder() -> None:
    folder = Path.home() / "empty"
    folder.mkdir()
    os.chdir(folder)


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
    threading.Thread(target=_end_with_launcher, args=[lifeline], daemon=True).start()
    child.run(body, reply_fd, output_fd=2, keep_fds=[lifeline])


def _end_with_launcher(lifeline: int) -> None:
    os.read(lifeline, 1)
    os._exit(1)


def _serve(control: socket.socket) -> None:
    # What a student's process leaves behind becomes a child of this process, however it was
    # detached.
    _adopt_orphans()
    _close_files()
    control.sendall(READY)
    own = os.getpid()
    while True:
        message, fds, _, _ = socket.recv_fds(control, TAKE.size, 3)
        if not message:
            return
        pid = os.fork()
        if pid == 0:
            job_fd, reply_fd, output_fd = fds
            # Not before: the next child would find this job in its copy of the server's memory.
            child.run(_read(job_fd), reply_fd, output_fd, parent=own)
        for fd in fds:
            os.close(fd)
        ended = _await_end(pid, control, *TAKE.unpack(message))
        if ended is None:
            return
        control.sendall(ended)


def _close_files() -> None:
    """What the imports left behind is only to be read: Landlock 1 and 2 would let it be emptied."""
    # Those of its own: Python or the project may be mounted below its home.
    device = Path.home().stat().st_dev
    for folder, folders, files in os.walk(Path.home()):
        folders[:] = [name for name in folders if Path(folder, name).lstat().st_dev == device]
        for path in (Path(folder, name) for name in files):
            if path.lstat().st_dev == device:
                path.chmod(0o444)


def _adopt_orphans() -> None:
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "PR_SET_CHILD_SUBREAPER was refused")


def _read(fd: int) -> bytes:
    with open(fd, "rb") as job:
        return job.read()


def _await_end(
    pid: int, control: socket.socket, most_processes: int, most_mib: int
) -> bytes | None:
    """The child's status, once no process of its making is left; None when the launcher gave up.

    Without a limit of processes (0) those of other users are seen here, too.
    """
    exited = os.pidfd_open(pid)
    address_space_kib = data_kib = 0
    ready: list[int] = []
    while not ready:
        ready = select.select([exited, control.fileno()], [], [], _SAMPLE_SECONDS)[0]
        sizes = _sizes(pid)
        address_space_kib = max(address_space_kib, sizes.get("VmPeak", 0))
        resident_kib = sizes.get("RssAnon", 0) + sizes.get("RssShmem", 0) + sizes.get("VmSwap", 0)
        data_kib = max(data_kib, sizes.get("VmData", 0), resident_kib)
        # The kernel counts no threads of root, and not all memory as data: what is made writable
        # while the address space is nearly used up, for one (mprotect of Linux 6.18). And where the
        # first thread has ended while others go on, nothing is told of the process.
        if (
            "VmSize" not in sizes
            or resident_kib > most_mib * 1024
            or sizes.get("Threads", 0) > MOST_THREADS
        ):
            os.kill(pid, signal.SIGKILL)
        if 0 < most_processes < len(_processes()):
            os._exit(1)
    os.close(exited)
    if control.fileno() in ready:
        _end_descendants()
        return None
    _, status, usage = os.wait4(pid, 0)
    left_over = _end_descendants()
    cpu_seconds = usage.ru_utime + usage.ru_stime
    return STATUS.pack(status, cpu_seconds, address_space_kib, data_kib, left_over)


def _sizes(pid: int) -> dict[str, int]:
    """The numbers in the process's status, memory in KiB; none once it has ended."""
    try:
        # In bytes: the process's own name is in it, with whatever a text takes for a line's end.
        lines = Path(f"/proc/{pid}/status").read_bytes().split(b"\n")
    except OSError:
        return {}
    fields = (line.split() for line in lines if line.startswith((b"Vm", b"Rss", b"Threads")))
    return {name.rstrip(b":").decode(): int(number) for name, number, *_ in fields}


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
    for pid in _processes():
        try:
            stat = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
        except OSError:
            continue
        if stat.rpartition(")")[2].split()[1] == own:
            found.append(int(pid))
    return found


def _processes() -> list[str]:
    return [entry.name for entry in Path("/proc").iterdir() if entry.name.isdigit()]
