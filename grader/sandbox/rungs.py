"""Describe, outside: what can confine a student's file on this machine, and what is in force."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from grader.errors import UsageError
from grader.sandbox import bubblewrap, landlock, program, seccomp

INSTALL = "apt-get install bubblewrap libseccomp2"
# Beyond the users that people and packages have (Debian policy 9.2); several graders may run.
FIRST_USER, NUM_USERS = 65000, 500
# linux/capability.h
_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH, _CAP_SETGID, _CAP_SETUID = 1, 2, 6, 7
_CAPABILITIES = (_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH, _CAP_SETGID, _CAP_SETUID)
# stat.S_IXOTH: any user may open what lies in a folder. A user whose own folders and files are for
# no one else has closed the last folder, too.
_OTHERS_MAY_PASS = 0o001


class Rung(StrEnum):
    """How far a student's file is confined, from the best down."""

    FULL = "full"
    FRESH_BUBBLEWRAP = "fresh_bubblewrap"
    NO_NAMESPACES = "no_namespaces"
    UNCONFINED = "unconfined"


@dataclass(frozen=True)
class Means:
    """What this machine has: `bubblewrap` and `seccomp` are "" or why they do not work.

    `landlock` is a version, 0 for none. `own_user` says whether root can make a student's process a
    user of its own, None for who is not root; `capability` is the one that this user keeps, since
    Python lies in a folder that is closed to others.
    """

    bubblewrap: str
    landlock: int
    seccomp: str
    own_user: bool | None = None
    capability: int | None = None

    @property
    def rung(self) -> Rung:
        """The best that these means allow."""
        fully = self.landlock > 0 and not self.seccomp
        if not self.bubblewrap:
            return Rung.FULL if fully else Rung.FRESH_BUBBLEWRAP
        return Rung.NO_NAMESPACES if fully and self.own_user is not False else Rung.UNCONFINED


def means() -> Means:
    """What is found on this machine, each thing tried out."""
    if sys.platform != "linux":
        missing = f"there is none on {sys.platform}"
        return Means(bubblewrap=missing, landlock=0, seccomp=missing)
    own_user, capability = (None, None) if os.geteuid() != 0 else _other_user()
    return Means(
        bubblewrap=bubblewrap.refusal(),
        landlock=landlock.version(),
        seccomp=_seccomp_refusal(),
        own_user=own_user,
        capability=capability,
    )


def sentence(found: Means) -> str:
    """What is in force with these means, for the class page and the results."""
    kernel = [f"Landlock (version {found.landlock})"] if found.landlock else []
    kernel += [] if found.seccomp else ["seccomp"]
    match found.rung:
        case Rung.FULL:
            return f"bubblewrap, {' and '.join(kernel)}; nothing writable, no network"
        case Rung.FRESH_BUBBLEWRAP:
            missing = "without " + " and ".join(_missing(found))
            return f"a bubblewrap of its own for each part, {missing}; no network"
        case Rung.NO_NAMESPACES:
            user = ", under a user of its own" if found.own_user else ""
            return (
                f"a process of its own for each part{user}, with {' and '.join(kernel)}, but "
                "without bubblewrap; nothing writable, no network"
            )
        case Rung.UNCONFINED:
            return "not confined: a process of its own for each part, with limits only"


def require_confinement(found: Means) -> None:
    """Raises UsageError where nothing confines students' files."""
    if found.rung is not Rung.UNCONFINED:
        return
    how = f"Install what does: `{INSTALL}`." if sys.platform == "linux" else "Use Linux, or WSL."
    raise UsageError(
        "Nothing would confine students' files here: they could read and change whatever you can. "
        f"{how} `grader doctor` tells what is missing. To grade files that you trust without it, "
        "add --unconfined."
    )


def _missing(found: Means) -> list[str]:
    return ([] if found.landlock else ["Landlock"]) + (["seccomp"] if found.seccomp else [])


def _seccomp_refusal() -> str:
    try:
        seccomp.library()
        actions = Path("/proc/sys/kernel/seccomp/actions_avail").read_text("ascii").split()
    except (ImportError, OSError, RuntimeError) as error:
        return str(error)
    return "" if "errno" in actions else "the kernel knows no filter of system calls"


def _is_open(path: Path) -> bool:
    """Whether any user may pass the folder and those above it."""
    real = path.resolve()
    folders = [real, *real.parents] if real.is_dir() else real.parents
    return all(folder.stat().st_mode & _OTHERS_MAY_PASS for folder in folders)


def _other_user() -> tuple[bool, int | None]:
    """Whether this root can become another user, and the capability that this one needs."""
    status = Path("/proc/self/status").read_text("ascii", "replace").splitlines()
    permitted = int(next(line.split()[1] for line in status if line.startswith("CapPrm")), 16)
    has = {number for number in _CAPABILITIES if permitted >> number & 1}
    # Three numbers a line: the first user known here, who that is outside, how many there are.
    lines = Path("/proc/self/uid_map").read_text("ascii").splitlines()
    known = [
        range(int(first), int(first) + int(count)) for first, _, count in map(str.split, lines)
    ]
    is_known = any(FIRST_USER in users and FIRST_USER + NUM_USERS in users for users in known)
    can = is_known and {_CAP_SETGID, _CAP_SETUID} <= has
    if all(_is_open(Path(path)) for path in program.readable()):
        return can, None
    # The first is enough; containers often have the second instead, by which files could be written
    # if Landlock did not forbid it.
    capability = next((n for n in (_CAP_DAC_READ_SEARCH, _CAP_DAC_OVERRIDE) if n in has), None)
    return can and capability is not None, capability
