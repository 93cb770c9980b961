"""Describe, inside: the student's process gives up for good what it does not need."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time

from grader.sandbox import landlock, seccomp
from grader.sandbox.jobs import MIB, MOST_THREADS, Confinement, Limits

if sys.platform != "win32":
    import resource

# linux/prctl.h, linux/capability.h
_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_KEEPCAPS = 8
_CAPABILITY_VERSION = 0x20080522
# What Python and TensorFlow open besides their own files.
_SYSTEM_READABLE = (
    *(f"/proc/self/{name}" for name in ("cmdline", "fd", "maps", "stat", "statm", "status")),
    *("/proc/cpuinfo", "/proc/meminfo", "/dev/urandom"),
)
_SYSTEM_WRITABLE = ("/dev/null",)


def confine(confinement: Confinement, limits: Limits, parent: int) -> None:
    """From here on the process, still of one thread, is confined; raises OSError if it cannot be.

    Each step takes away what the steps before it need: the filter of system calls comes last.
    """
    os.setsid()
    if confinement.user is not None:
        _become(confinement.user, confinement.capability)
    # After that, since the kernel forgets whom the process ends with when the user changes.
    limit(limits, parent)
    if confinement.own_namespace or confinement.user is not None:
        resource.setrlimit(resource.RLIMIT_NPROC, (MOST_THREADS, MOST_THREADS))
    if confinement.landlock:
        readable = (*confinement.readable, *_SYSTEM_READABLE)
        landlock.restrict(readable, _SYSTEM_WRITABLE, confinement.landlock)
    if confinement.seccomp:
        seccomp.restrict(truncating=confinement.truncating)


def limit(limits: Limits, parent: int) -> None:
    """Limits of the system for this process: none on Windows, of memory only on Linux.

    The process ends with its parent (Linux; 0 for none). Raises OSError where that is gone.
    """
    if sys.platform == "win32":
        return
    if parent:
        _end_with(parent)
    # In a process that was not forked the import has used CPU time already; whole seconds, up.
    cpu_seconds = int(time.process_time() + 0.9) + limits.cpu_seconds
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (limits.open_files, limits.open_files))
    if sys.platform == "linux":
        # Where the system hands cores to a program (systemd-coredump, apport) the limit of their
        # size counts for nothing: a crash would be written down outside, and by root.
        _prctl(_PR_SET_DUMPABLE, 0)
        # Timers of its own are counted with those of everyone of the same user.
        resource.setrlimit(resource.RLIMIT_SIGPENDING, (limits.timers, limits.timers))
        for kind, mib in (
            (resource.RLIMIT_AS, limits.address_space_mib),
            (resource.RLIMIT_DATA, limits.data_mib),
            (resource.RLIMIT_STACK, limits.stack_mib),
        ):
            hard = resource.getrlimit(kind)[1]
            most = mib * MIB if hard == resource.RLIM_INFINITY else min(mib * MIB, hard)
            resource.setrlimit(kind, (most, most))


def _end_with(parent: int) -> None:
    """The kernel kills this process when its parent is gone."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        raise OSError("the server ended while a process for a student's file was set up")


def _become(user: int, capability: int | None) -> None:
    """From root to that user, with that capability and no other."""
    if capability is not None:
        _prctl(_PR_SET_KEEPCAPS, 1)
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    if capability is not None:
        header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
        # Effective, permitted, inheritable: of the capabilities below 32, then of the others.
        sets = (ctypes.c_uint32 * 6)(1 << capability, 1 << capability, 0, 0, 0, 0)
        if ctypes.CDLL(None, use_errno=True).capset(header, sets) != 0:
            raise OSError(ctypes.get_errno(), "capset was refused")


def _prctl(option: int, value: int) -> None:
    if ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), f"prctl({option}, {value}) was refused")
