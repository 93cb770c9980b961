"""Describe, inside: seccomp, by which the kernel refuses some system calls to this process."""

from __future__ import annotations

import ctypes.util
import importlib
import os
from collections.abc import Iterator
from errno import ENOSYS, EPERM
from types import ModuleType

# No other process: none is started, signalled, traced, slowed down or looked into.
_PROCESSES = """
fork vfork execve execveat tkill ptrace process_vm_readv process_vm_writev kcmp setpriority
ioprio_set sched_setscheduler sched_setparam sched_setattr migrate_pages move_pages
perf_event_open
"""
# No network, and no memory or messages that outlast the process or escape its limits (the stack's
# can, where it is moved); no locks that others wait for.
_COMMUNICATION = """
socket bind connect listen accept accept4 sendmmsg memfd_create shmget shmat shmctl shmdt semget
semop semctl semtimedop msgget msgsnd msgrcv msgctl mq_open mq_unlink inotify_init inotify_init1
inotify_add_watch fanotify_init fanotify_mark mremap flock
"""
# What Landlock does not ask about: who owns a file, who may use it, since when.
_FILES = """
truncate chmod fchmod fchmodat chown fchown lchown fchownat utime utimes utimensat futimesat
setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr name_to_handle_at
open_by_handle_at
"""
# Parts of the kernel that no network needs, and in which faults were found.
_KERNEL = """
unshare setns mount umount2 pivot_root chroot bpf keyctl add_key request_key userfaultfd io_setup
io_submit vmsplice remap_file_pages personality syslog quotactl acct swapon swapoff reboot
init_module finit_module delete_module kexec_load kexec_file_load settimeofday clock_settime
adjtimex clock_adjtime sethostname setdomainname lookup_dcookie vhangup modify_ldt iopl ioperm
"""
_NEVER = [*_PROCESSES.split(), *_COMMUNICATION.split(), *_FILES.split(), *_KERNEL.split()]
# From here on system calls have the same numbers on every processor. Of them and of all that are
# still to come these alone are there: close_range, faccessat2, epoll_pwait2, futex_waitv. For the
# others (clone3, io_uring, pidfd, mounts, memfd_secret, ...) the C library has older ways.
_NEW, _END_OF_NEW = 424, 512
_NEW_ALLOWED = {436, 439, 441, 449}


def _other_bits(
    name: str, number: int, bits: int, value: int
) -> Iterator[tuple[str, int, int, int]]:
    """Entries as below by which of these bits none may differ from the value's."""
    for bit in (1 << place for place in range(bits.bit_length())):
        if bit & bits:
            yield name, number, bit, ~value & bit


# System calls that are refused where of an argument (the number of it), among these bits, this is
# the value. Where the kernel reads the lower half of an argument only, so does the comparison.
_INT, _TYPES, _SOCK_STREAM = 0xFFFFFFFF, 0xF, 1
_CLONE_THREAD = 0x10000
_MAP_SHARED_ANONYMOUS, _MAP_GROWSDOWN = 0x21, 0x100
_REFUSED_ARGUMENTS = (
    # Threads are all that may be made.
    ("clone", 0, _CLONE_THREAD, 0),
    # PR_SET_PDEATHSIG, PR_SET_DUMPABLE: the process ends with its server, and leaves no core.
    *(("prctl", 0, _INT, option) for option in (1, 4)),
    # Of the commands for a file those below 8 and from 1024 to 1031 alone: among the others is who
    # gets a signal from the kernel when something can be read. Nor F_SETLK, F_SETLKW, F_SETLEASE,
    # F_NOTIFY: others would have to wait for the file, or be watched.
    *_other_bits("fcntl", 1, _INT & ~0x407, 0),
    *(("fcntl", 1, _INT, command) for command in (6, 7, 1024, 1026)),
    # Of those for a device the ones for terminals and pipes alone: others change files and who gets
    # signals. Not TIOCSTI, TIOCLINUX: typing into a terminal.
    *_other_bits("ioctl", 1, _INT & ~0xFF, 0x5400),
    *(("ioctl", 1, _INT, command) for command in (0x5412, 0x541C)),
    # Memory that RLIMIT_DATA does not count.
    ("mmap", 3, _MAP_SHARED_ANONYMOUS, _MAP_SHARED_ANONYMOUS),
    ("mmap", 3, _MAP_GROWSDOWN, _MAP_GROWSDOWN),
    # Two connected streams are what asyncio needs; other pairs can send to anybody.
    *(("socketpair", 1, _TYPES, kind) for kind in range(_TYPES + 1) if kind != _SOCK_STREAM),
    # Opened neither to read nor to write: Landlock lets any file be opened so.
    *(("open", 1, 3, 3), ("openat", 2, 3, 3)),
)
# O_TRUNC: a file is emptied when it is opened.
_TRUNCATION = (
    *(("creat", 0, 0, 0), ("open", 1, os.O_TRUNC, os.O_TRUNC)),
    ("openat", 2, os.O_TRUNC, os.O_TRUNC),
)


def library() -> ModuleType:
    """The module pyseccomp. Raises ImportError or OSError where it or libseccomp is missing."""

    def find_library(name: str) -> str | None:
        return {"c": "libc.so.6", "seccomp": "libseccomp.so.2"}.get(name)

    # Otherwise ctypes starts ldconfig and gcc to ask them, and there are none in the sandbox.
    asking = ctypes.util.find_library
    ctypes.util.find_library = find_library
    try:
        return importlib.import_module("pyseccomp")
    finally:
        ctypes.util.find_library = asking


def restrict(*, truncating: bool) -> None:
    """From here on this process, still of one thread, is refused what is listed above.

    Without `truncating` no file is opened to be emptied: Landlock 1 and 2 do not ask about that.
    """
    lib = library()
    refused = lib.ERRNO(EPERM)
    rules = lib.SyscallFilter(lib.ALLOW)
    # Looked up in a tree, not one after the other.
    rules.set_attr(lib.Attr.CTL_OPTIMIZE, 2)
    for name in _NEVER:
        rules.add_rule(refused, name)
    for number in set(range(_NEW, _END_OF_NEW)) - _NEW_ALLOWED:
        rules.add_rule(lib.ERRNO(ENOSYS), number)
    # Signals to itself alone, by its number: 0 and what is below stand for groups. Limits and cores
    # of itself alone, which is 0 there; pairs of AF_UNIX alone, which is 1.
    signals = ("kill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo")
    only = dict.fromkeys(signals, os.getpid())
    for name, value in (only | {"prlimit64": 0, "sched_setaffinity": 0, "socketpair": 1}).items():
        rules.add_rule(refused, name, lib.Arg(0, lib.NE, value))
    for name, number, bits, value in (*_REFUSED_ARGUMENTS, *(() if truncating else _TRUNCATION)):
        rules.add_rule(refused, name, lib.Arg(number, lib.MASKED_EQ, bits, value))
    rules.load()
