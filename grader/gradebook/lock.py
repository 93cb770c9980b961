"""Gradebook: one writer at a time, by a lock that goes with its process, however that ends."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

from grader.errors import UsageError

if sys.platform == "win32":
    import msvcrt

    # Locked bytes cannot be read there, so one is locked that lies behind all that is written.
    _LOCKED_BYTE = 1024

    def _take(descriptor: int) -> None:
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)
else:
    import fcntl

    def _take(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Lock:
    """The right to write, held until it is closed; the file says which process holds it."""

    def __init__(self, path: Path) -> None:
        """Raises UsageError where another process holds it, OSError where it cannot be made."""
        self._file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o644), "r+b", buffering=0)
        try:
            _take(self._file.fileno())
        except (BlockingIOError, PermissionError) as error:
            holder = self._file.read(200).decode("utf-8", "replace").strip()
            self._file.close()
            raise UsageError(
                f"{path.parent}: another grader is writing here ({holder or 'just started'}). "
                "Wait until it is done, or stop it; or name another folder."
            ) from error
        except OSError:
            self._file.close()
            raise
        self._file.truncate(0)
        self._file.write(f"process {os.getpid()} on {socket.gethostname()}\n".encode())

    def close(self) -> None:
        """Let others write."""
        # The file stays: were it deleted, two could hold locks on two files of its name.
        self._file.close()
