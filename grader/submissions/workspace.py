"""Finding: the temporary place where archives are unpacked, and how much may still go there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import SEEK_CUR, SEEK_END, SEEK_SET
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

_CHUNK = 64 * 1024
_STUDENT_MEMBERS = 10_000
_STUDENT_BYTES = 500_000_000
_CLASS_MEMBERS = 50_000
_CLASS_BYTES = 2_000_000_000
_BYTES_PER_MEMBER = 100
_CLASS_RATIO = 20
# The tables of contents of 10,000 members are far smaller than this.
_LARGEST_READ = 16 * 1024 * 1024


class TooMuchError(Exception):
    """An archive asks for more than an honest one would: `reason` is a code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass
class Workspace:
    """A folder for unpacked files, with the members and bytes that may still be unpacked.

    Files get numbers for names there: no name from an archive ever reaches the file system.
    """

    folder: Path
    members_left: int
    bytes_left: int
    kept: int = 0

    def take(self, byte_count: int) -> None:
        """Counts bytes that were unpacked; raises TooMuchError when none are left."""
        self.bytes_left -= byte_count
        if self.bytes_left < 0:
            raise TooMuchError("bytes")

    def count_member(self) -> None:
        """Counts a member of an archive; raises TooMuchError when no more are taken."""
        self.members_left -= 1
        if self.members_left < 0:
            raise TooMuchError("members")

    def keep(self, head: bytes, rest: BinaryIO, limit: int) -> Path:
        """Writes the head and what follows it, at most `limit` bytes in all; returns where."""
        self.kept += 1
        path = self.folder / f"{self.kept:06}"
        left = limit - len(head)
        with path.open("wb") as target:
            target.write(head)
            while left > 0 and (chunk := rest.read(min(_CHUNK, left))):
                self.take(len(chunk))
                target.write(chunk)
                left -= len(chunk)
        return path


@contextmanager
def workspace(class_archive_bytes: int | None = None) -> Iterator[Workspace]:
    """A fresh workspace, gone with everything in it at the end.

    It takes what one student may hand in; with the size of an archive that may hold a whole class,
    more, and in proportion to it.
    """
    members, byte_count = _STUDENT_MEMBERS, _STUDENT_BYTES
    if class_archive_bytes is not None:
        members = max(_CLASS_MEMBERS, class_archive_bytes // _BYTES_PER_MEMBER)
        byte_count = max(_CLASS_BYTES, class_archive_bytes * _CLASS_RATIO)
    with TemporaryDirectory(prefix="eight-faces-", ignore_cleanup_errors=True) as folder:
        yield Workspace(Path(folder), members, byte_count)


class BoundedReader:
    """A stream for the readers of archives that refuses single reads that are far too large.

    `zipfile` and `tarfile` read tables and extended headers of whatever size an archive claims,
    all at once. Bytes are counted against the workspace, those that a seek forward skips too.
    """

    def __init__(self, stream: BinaryIO, space: Workspace | None = None) -> None:
        self._stream = stream
        self._space = space

    def read(self, size: int = -1) -> bytes:
        """As of a binary file; raises TooMuchError."""
        most = _LARGEST_READ + 1
        data = self._stream.read(most if size < 0 else min(size, most))
        if len(data) == most:
            raise TooMuchError("contents")
        if self._space is not None:
            self._space.take(len(data))
        return data

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        """As of a binary file; raises TooMuchError."""
        if self._space is not None and whence != SEEK_END:
            ahead = offset if whence == SEEK_CUR else offset - self._stream.tell()
            self._space.take(max(ahead, 0))
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        """As of a binary file."""
        return self._stream.tell()

    def seekable(self) -> bool:
        """Always."""
        return True

    def close(self) -> None:
        """Leaves the stream open: whoever opened it closes it."""
