"""Describe, inside: seccomp, by which the kernel refuses some system calls to this process."""

from __future__ import annotations

import ctypes.util
import importlib
import os
from errno import ENOSYS, EPERM
from types import ModuleType

# No other process: none is started, signalled, traced, slowed down or looked into.
_PROCESSES = """
fork vfork execve execveat tkill ptrace process_vm_readv process_vm_writev kcmp setpriority
ioprio_set sched_setscheduler sched_setparam sched_setattr migrate_pages move_pages
perf_event_open
"""
# No network, and no memory or messages that outlast the process or escape its limits.
_COMMUNICATION = """
socket memfd_create shmget shmat shmctl shmdt semget semop semctl semtimedop msgget msgsnd msgrcv
msgctl mq_open mq_unlink inotify_init inotify_init1 inotify_add_watch fanotify_init fanotify_mark
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

_CLONE_THREAD = 0x10000
_PR_SET_PDEATHSIG = 1
# fcntl: who gets a signal when something can be read, and which one.
_SIGNAL_OWNER = (8, 10, 15)
# ioctl: the same for sockets, and typing into a terminal.
_FIOSETOWN, _SIOCSPGRP, _TIOCSTI, _TIOCLINUX = 0x8901, 0x8902, 0x5412, 0x541C
_MAP_SHARED_ANONYMOUS = 0x21
_MAP_GROWSDOWN = 0x100
_INT = 0xFFFFFFFF


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
    arg, other, masked = lib.Arg, lib.NE, lib.MASKED_EQ
    refused = lib.ERRNO(EPERM)
    rules = lib.SyscallFilter(lib.ALLOW)
    rules.set_attr(lib.Attr.CTL_OPTIMIZE, 2)
    for name in _NEVER:
        rules.add_rule(refused, name)
    for number in range(_NEW, _END_OF_NEW):
        if number not in _NEW_ALLOWED:
            rules.add_rule(lib.ERRNO(ENOSYS), number)
    rules.add_rule(refused, "clone", arg(0, masked, _CLONE_THREAD, 0))
    for name in ("kill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo"):
        rules.add_rule(refused, name, arg(0, other, os.getpid()))
    for name in ("prlimit64", "sched_setaffinity"):
        rules.add_rule(refused, name, arg(0, other, 0))
    # The kernel reads the lower half only of these arguments, and so does the comparison.
    rules.add_rule(refused, "prctl", arg(0, masked, _INT, _PR_SET_PDEATHSIG))
    for command in _SIGNAL_OWNER:
        rules.add_rule(refused, "fcntl", arg(1, masked, _INT, command))
    for command in (_FIOSETOWN, _SIOCSPGRP, _TIOCSTI, _TIOCLINUX):
        rules.add_rule(refused, "ioctl", arg(1, masked, _INT, command))
    # Memory that RLIMIT_DATA does not count.
    for flags in (_MAP_SHARED_ANONYMOUS, _MAP_GROWSDOWN):
        rules.add_rule(refused, "mmap", arg(3, masked, flags, flags))
    if not truncating:
        rules.add_rule(refused, "creat")
        rules.add_rule(refused, "open", arg(1, masked, os.O_TRUNC, os.O_TRUNC))
        rules.add_rule(refused, "openat", arg(2, masked, os.O_TRUNC, os.O_TRUNC))
    rules.load()
