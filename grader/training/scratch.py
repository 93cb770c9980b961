"""Rebuild and train, on disk: a temp folder for each worker, gone when the worker is.

TensorFlow writes Python files there (`__autograph_generated_file*.py`) and removes them at the
interpreter's end, to which a worker never comes. The caller removes the folder when it closes the
worker; if the caller was killed the worker does, when it notices; if both were, whoever makes such
a folder next.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO

if sys.platform != "win32":
    import fcntl

_PREFIX = "eight-faces-worker-"
_LOCK = "in-use"


class ScratchFolder:
    """An empty folder of one's own in the system's temp folder, until `remove`.

    It counts as in use as long as this process lives: the system lets go of its lock then.
    """

    def __init__(self) -> None:
        _sweep(Path(tempfile.gettempdir()))
        self._lock: IO[bytes] | None = None
        while self._lock is None:
            self.path = Path(tempfile.mkdtemp(prefix=_PREFIX))
            self._lock = _locked(self.path)

    def remove(self) -> None:
        """Remove the folder with what is in it, as far as the system lets."""
        if self._lock is not None:
            self._lock.close()
        remove(self.path)


def remove(folder: Path) -> None:
    """Remove a scratch folder, as far as the system lets."""
    shutil.rmtree(folder, ignore_errors=True)


def _sweep(temp: Path) -> None:
    """Remove scratch folders of this user's that no living process holds."""
    if sys.platform == "win32":
        return
    for folder in temp.glob(f"{_PREFIX}*"):
        with suppress(OSError):
            # Not followed: in a temp folder of all users it may be someone's link.
            is_own = folder.lstat().st_uid == os.getuid() and not folder.is_symlink()
            lock = _locked(folder) if is_own else None
            if lock is not None:
                with lock:
                    remove(folder)


def _locked(folder: Path) -> IO[bytes] | None:
    """The folder's lock, taken; None where another process has it or has removed the folder."""
    path = folder / _LOCK
    try:
        lock = path.open("wb")
    except FileNotFoundError:
        return None
    if sys.platform == "win32":
        return lock
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        return None
    # Between the two calls another process may have taken it for left over.
    if not path.exists():
        lock.close()
        return None
    return lock
