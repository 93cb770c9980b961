"""Describe, outside: a pipe is read to its end, whatever comes, and only its beginning is kept."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Callable
from typing import IO

from grader.sandbox.jobs import OUTPUT_BEGUN

# As much as Linux gives every user (/proc/sys/fs/pipe-max-size).
_CHUNK_BYTES = 1024 * 1024


class Drain:
    """Reads an unbuffered pipe to its end, in a thread: selectors know no pipes on Windows.

    `kept` holds the first `keep_bytes`, `cut_bytes` counts the rest, `begun` is set with the first
    byte (or the end). `when_cut` is called once, as soon as a byte is cut.
    """

    def __init__(
        self, pipe: IO[bytes], keep_bytes: int, when_cut: Callable[[], None] | None = None
    ) -> None:
        self.kept = bytearray()
        self.cut_bytes = 0
        self.begun = threading.Event()
        self._pipe = _widened(pipe)
        self._keep_bytes = keep_bytes
        self._when_cut = when_cut
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def finish(self, seconds: float) -> bool:
        """Whether the pipe ends within that time: it does once all its writers are gone."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def text(self) -> str:
        """What the student's code printed, with a last line that says how much was cut."""
        before, mark, after = bytes(self.kept).partition(OUTPUT_BEGUN)
        text = (after if mark else before).decode("utf-8", "replace")
        if not self.cut_bytes:
            return text
        return f"{text}\n[{self.cut_bytes:,} more bytes were printed and are left out here]\n"

    def _run(self) -> None:
        while chunk := self._pipe.read(_CHUNK_BYTES):
            room = self._keep_bytes - len(self.kept)
            self.kept += chunk[:room]
            self.begun.set()
            first_cut = self.cut_bytes == 0
            self.cut_bytes += len(chunk[room:])
            if first_cut and self.cut_bytes and self._when_cut:
                self._when_cut()
        self._pipe.close()
        self.begun.set()


def _widened(pipe: IO[bytes]) -> IO[bytes]:
    """The same; where it can be made to hold more, a flood takes us and its writer fewer turns."""
    if sys.platform == "linux":
        import fcntl

        with contextlib.suppress(OSError):
            fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _CHUNK_BYTES)
    return pipe
