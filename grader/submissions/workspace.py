"""Finding: the temporary place where archives are unpacked, and how much may still go there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import SEEK_CUR, SEEK_END, SEEK_SET
from pathlib import Path
from shutil import disk_usage
from tempfile import TemporaryDirectory
from typing import BinaryIO

_CHUNK = 64 * 1024
_STUDENT_MEMBERS = 10_000
_STUDENT_BYTES = 500_000_000
_CLASS_MEMBERS = 50_000
_CLASS_BYTES = 2_000_000_000
_BYTES_PER_MEMBER = 100
_CLASS_RATIO = 20
# What a zip archive's table of contents takes for a member is 46 bytes with its name, times and
# owner; hidden files and environments stand there too, but are not counted as members.
_TABLE_BYTES_PER_MEMBER = 800
# A tar archive's headers have 512 bytes, or 2 KiB with an extended one, and are read as quickly.
_HEADERS_PER_TABLE = 5
_LARGEST_HEADERS = 1024 * 1024


class TooMuchError(Exception):
    """An archive asks for more than an honest one would: `reason` is a code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass
class Workspace:
    """A folder for unpacked files, with the members and bytes that may still be unpacked.

    Members whose names are those of Python files and notebooks are counted for themselves: any
    number of others does not crowd them out. Files get numbers for names there: no name from an
    archive ever reaches the file system.
    """

    folder: Path
    sources_left: int
    others_left: int
    bytes_left: int
    table_bytes_left: int
    kept: int = 0

    def take(self, byte_count: int) -> None:
        """Counts bytes that were unpacked; raises TooMuchError when none are left."""
        self.bytes_left -= byte_count
        if self.bytes_left < 0:
            raise TooMuchError("bytes")

    def take_table(self, byte_count: int) -> None:
        """Counts bytes of tables of contents; raises TooMuchError when none are left."""
        self.table_bytes_left -= byte_count
        if self.table_bytes_left < 0:
            raise TooMuchError("contents")

    def takes_member(self, *, is_source: bool) -> bool:
        """Counts a member of an archive; whether it is taken."""
        if is_source:
            self.sources_left -= 1
            return self.sources_left >= 0
        self.others_left -= 1
        return self.others_left >= 0

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
        # Half of what is free: others need the place too.
        byte_count = min(byte_count, disk_usage(folder).free // 2)
        table_bytes = members * _TABLE_BYTES_PER_MEMBER
        yield Workspace(Path(folder), members, members, byte_count, table_bytes)


class BoundedReader:
    """A stream for `zipfile`, which reads the table of contents at once and members in pieces."""

    def __init__(self, stream: BinaryIO, space: Workspace) -> None:
        self._stream = stream
        self._space = space

    def read(self, size: int = -1) -> bytes:
        """As of a binary file; raises TooMuchError."""
        most = self._space.table_bytes_left + 1
        data = self._stream.read(most if size < 0 else min(size, most))
        if len(data) > _CHUNK:
            self._space.take_table(len(data))
        return data

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        """As of a binary file."""
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        """As of a binary file."""
        return self._stream.tell()

    def seekable(self) -> bool:
        """Always."""
        return True

    def close(self) -> None:
        """Leaves the stream open: whoever opened it closes it."""


class CountingReader(BoundedReader):
    """A stream for `tarfile` that counts its bytes, those that a seek forward skips too.

    What is read while `in_member` is false is headers. One that says of itself how long it is, is
    read at once and taken apart, and any number of them may stand before a member.
    """

    def __init__(self, stream: BinaryIO, space: Workspace) -> None:
        super().__init__(stream, space)
        self._headers_left = _LARGEST_HEADERS
        self.in_member = False

    def next_member(self) -> None:
        """A member has been dealt with: what is read now are the next one's headers."""
        self.in_member = False
        self._headers_left = _LARGEST_HEADERS

    def read(self, size: int = -1) -> bytes:
        """As of a binary file; raises TooMuchError."""
        if not self.in_member:
            size = _LARGEST_HEADERS + 1 if size < 0 else min(size, _LARGEST_HEADERS + 1)
        data = self._stream.read(size)
        self._space.take(len(data))
        if not self.in_member:
            self._space.take_table(len(data) // _HEADERS_PER_TABLE)
            self._headers_left -= len(data)
            if self._headers_left < 0:
                raise TooMuchError("contents")
        return data

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        """As of a binary file; raises TooMuchError."""
        if whence != SEEK_END:
            ahead = offset if whence == SEEK_CUR else offset - self._stream.tell()
            self._space.take(max(ahead, 0))
        return super().seek(offset, whence)
