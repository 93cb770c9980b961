"""Describe, inside: Landlock, by which the kernel opens only some files for this process."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable
from pathlib import Path

# linux/landlock.h; the numbers of the system calls are the same on every processor.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION = 1
_RULE_PATH_BENEATH = 1
_WRITE_FILE, _READ_FILE, _READ_DIR = 2, 4, 8
# How many rights there are from each version on: all are taken away, whether known by name or not.
_NUM_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 5: 16}
_NUM_NETWORK_RIGHTS = {4: 2}
_NUM_SCOPES = {6: 2}
# The version that asks about emptying a file, too.
TRUNCATION_SINCE = 3
# linux/prctl.h
_PR_SET_NO_NEW_PRIVS = 38


class _Ruleset(ctypes.Structure):
    _fields_ = (
        ("handled_access_fs", ctypes.c_uint64),
        ("handled_access_net", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


def version() -> int:
    """The version (ABI) of Landlock in this kernel; 0 where there is none or it is switched off."""
    return max(0, _syscall(_CREATE_RULESET, None, 0, _ASK_VERSION))


def restrict(readable: Iterable[str], writable: Iterable[str], abi: int) -> None:
    """From here on only these paths, and what is below, can be read or written; nothing executed.

    Threads that run already are not restricted. A path that there is not is passed over. Raises
    OSError where the kernel refuses.
    """
    rights = _Ruleset(
        _all(_NUM_FILE_RIGHTS, abi), _all(_NUM_NETWORK_RIGHTS, abi), _all(_NUM_SCOPES, abi)
    )
    ruleset = _checked(_CREATE_RULESET, ctypes.byref(rights), ctypes.sizeof(rights), 0)
    for path in readable:
        _allow(ruleset, path, _READ_FILE)
    for path in writable:
        _allow(ruleset, path, _READ_FILE | _WRITE_FILE)
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "PR_SET_NO_NEW_PRIVS was refused")
    _checked(_RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)


def _all(counts: dict[int, int], abi: int) -> int:
    """A bit for each right that this version has."""
    return (1 << max((n for since, n in counts.items() if since <= abi), default=0)) - 1


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, PermissionError):
        return
    rule = _PathBeneath(rights | (_READ_DIR if Path(path).is_dir() else 0), fd)
    _checked(_ADD_RULE, ruleset, _RULE_PATH_BENEATH, ctypes.byref(rule), 0)
    os.close(fd)


def _checked(number: int, *arguments: object) -> int:
    result = _syscall(number, *arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), f"Landlock: system call {number} was refused")
    return result


def _syscall(number: int, *arguments: object) -> int:
    # Of full width, each: what is above an int is not defined in a call with any number of them.
    wide = [ctypes.c_long(one) if isinstance(one, int) else one for one in arguments]
    return int(ctypes.CDLL(None, use_errno=True).syscall(ctypes.c_long(number), *wide))
