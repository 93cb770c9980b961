"""Describe, outside: bubblewrap, which shows a program only what is needed, and no network."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence

# The one folder that can be written to, for TensorFlow's import; students' processes cannot.
HOME = "/tmp"  # noqa: S108 - a file system of the sandbox's own
_FLAGS = (
    # Else the machine's own name is told.
    *("--hostname", "sandbox"),
    *("--unshare-all", "--unshare-user", "--disable-userns", "--cap-drop", "ALL"),
    *("--uid", "65534", "--gid", "65534", "--die-with-parent", "--new-session", "--clearenv"),
)
NOT_FOUND = "bwrap: not found"
_HOME_BYTES = 1024 * 1024
_TRY_SECONDS = 10.0


def wrapped(
    command: Sequence[str], environment: Mapping[str, str], readable: Iterable[str]
) -> list[str]:
    """The command, to be run with this environment where only these paths are, read-only."""
    variables = [word for pair in environment.items() for word in ("--setenv", *pair)]
    return [
        *(shutil.which("bwrap") or "bwrap", *_FLAGS, *variables),
        *("--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev"),
        *("--size", str(_HOME_BYTES), "--tmpfs", HOME, "--chdir", HOME),
        # After those: Python or the project may lie below one of them.
        *(word for path in readable for word in _bind(path)),
        *("--remount-ro", "/", "--", *command),
    ]


def refusal() -> str:
    """What bubblewrap says when it is tried on this machine; "" where it works."""
    true = shutil.which("true")
    if not shutil.which("bwrap") or not true:
        return NOT_FOUND
    try:
        tried = subprocess.run(
            ["bwrap", *_FLAGS, "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", true],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_TRY_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if tried.returncode == 0:
        return ""
    return tried.stderr.strip() or f"bwrap: ended with {tried.returncode}"


def _bind(path: str) -> tuple[str, ...]:
    # /lib is a link to /usr/lib on most systems, and has to be one here.
    if os.path.islink(path):  # noqa: PTH114 - a string is needed
        return ("--symlink", os.readlink(path), path)  # noqa: PTH115 - as above
    return ("--ro-bind", path, path)
