"""Finding: opens an archive without trusting it, member by member."""

from __future__ import annotations

import bz2
import gzip
import lzma
import stat
import tarfile
import zipfile
from datetime import datetime
from typing import IO, BinaryIO, cast

from grader.records import Notice
from grader.submissions.kinds import (
    HEAD_BYTES,
    MAX_METADATA,
    MAX_NOTEBOOK,
    MAX_ONLINE_TEXT,
    MAX_SOURCE,
    Kind,
    is_tar_header,
    kind_of,
)
from grader.submissions.members import Refusal, Unpacking
from grader.submissions.trees import File, Tree
from grader.submissions.workspace import (
    BoundedReader,
    CountingReader,
    TooMuchError,
    Workspace,
)

# One byte more than each of them may have, so that the excess is still seen.
_LIMITS = {
    Kind.PYTHON: MAX_SOURCE + 1,
    Kind.NOTEBOOK: MAX_NOTEBOOK + 1,
    Kind.ONLINE_TEXT: MAX_ONLINE_TEXT + 1,
    Kind.METADATA: MAX_METADATA + 1,
}

# Printed output shrinks a hundredfold, so the ratio speaks only where the size does too.
_BOMB_BYTES = MAX_NOTEBOOK
_BOMB_RATIO = 200
# The others are unpacked in pieces of gigabytes, however few bytes are asked for.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1
_NOT_ASCII = 0x80
_WESTERN_LETTERS = 0xC0
_CP437_SHARP_S = 0xE1


def unpack(file: File, space: Workspace) -> Tree:
    """The members that can hold a part, with notices on what was left out. Never raises."""
    if file.kind in {Kind.SEVEN_ZIP, Kind.RAR, Kind.MISNAMED}:
        return Tree(notices=(_refused(file),))
    unpacking = Unpacking(file.path, space)
    try:
        with file.open() as stream:
            if file.kind is Kind.ZIP:
                _unzip(stream, unpacking)
            elif not _untar(stream, file, unpacking):
                return Tree(notices=(Notice("archive-no-tar", {"path": file.path}),))
    except TooMuchError as error:
        unpacking.stopped = error.reason
    # The standard library raises a dozen unrelated exceptions on damaged archives, IndexError among
    # them.
    except Exception as error:  # noqa: BLE001 - a damaged archive is the submission's fault
        # Only what the system says has a number, of a full disk for example.
        by_system = isinstance(error, OSError) and error.errno is not None
        unpacking.stopped = "system" if by_system else "damaged"
        unpacking.error = str(error) or type(error).__name__
    return unpacking.tree()


def _refused(file: File) -> Notice:
    if file.kind is Kind.MISNAMED:
        return Notice("archive-misnamed", {"path": file.path})
    return Notice("archive-not-read", {"path": file.path, "kind": str(file.kind)})


def _unzip(stream: BinaryIO, unpacking: Unpacking) -> None:
    reader = cast("IO[bytes]", BoundedReader(stream, unpacking.space))
    with zipfile.ZipFile(reader) as archive:
        # Python files first: whatever is too large then comes after them.
        for info in sorted(archive.infolist(), key=_is_no_python):
            name = _zip_name(info)
            path = unpacking.path_of(name, is_folder=info.is_dir())
            if path is None:
                continue
            refusal = _zip_refusal(info)
            if refusal is not None:
                unpacking.refuse(name, refusal)
                continue
            _add_zipped(archive, info, path, unpacking)


def _add_zipped(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: str, unpacking: Unpacking
) -> None:
    try:
        with archive.open(info) as member:
            unpacking.add(path, cast("BinaryIO", member), _LIMITS, _zip_time(info))
    except TooMuchError:
        raise
    except Exception:  # noqa: BLE001 - see unpack(); the other members may be sound
        unpacking.refuse(path, Refusal.BROKEN)


def _is_no_python(info: zipfile.ZipInfo) -> bool:
    return kind_of(info.filename, b"") is not Kind.PYTHON


def _zip_name(info: zipfile.ZipInfo) -> str:
    """The name; without the UTF-8 mark zipfile reads cp437, but most programs write UTF-8.

    Some write Windows' western code page, whose letters lie where cp437 has lines and symbols.
    """
    if info.flag_bits & _UTF8_NAME:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeError:
        return info.filename
    try:
        return raw.decode("utf-8")
    except UnicodeError:
        foreign = {byte for byte in raw if byte >= _NOT_ASCII}
        is_western = min(foreign) >= _WESTERN_LETTERS and foreign != {_CP437_SHARP_S}
        return raw.decode("cp1252", "replace") if is_western else info.filename


def _zip_time(info: zipfile.ZipInfo) -> float:
    """When the member was modified, in the time of this machine; 0 for a time that is none."""
    try:
        return datetime(*info.date_time).timestamp()  # noqa: DTZ001 - zip knows no time zones
    except (ValueError, OverflowError, OSError):
        return 0.0


def _zip_refusal(info: zipfile.ZipInfo) -> Refusal | None:
    file_type = stat.S_IFMT(info.external_attr >> 16)
    if file_type == stat.S_IFLNK:
        return Refusal.LINK
    if file_type not in {0, stat.S_IFREG}:
        return Refusal.SPECIAL
    if info.flag_bits & _ENCRYPTED:
        return Refusal.ENCRYPTED
    if info.compress_type not in _METHODS:
        return Refusal.BROKEN
    if info.file_size > max(_BOMB_BYTES, _BOMB_RATIO * info.compress_size):
        return Refusal.BOMB
    return None


def _untar(stream: BinaryIO, file: File, unpacking: Unpacking) -> bool:
    """Reads a tar archive; False when the content is none."""
    plain = _decompressed(stream, file.kind)
    head = plain.read(HEAD_BYTES)
    plain.seek(0)
    if not is_tar_header(head) and head.strip(b"\0"):
        return False
    reader = CountingReader(plain, unpacking.space)
    opened = cast("IO[bytes]", reader)
    with tarfile.TarFile(fileobj=opened, encoding="utf-8", errorlevel=0) as archive:
        last = -1
        for info in archive:
            # A negative size in a header leads some versions of tarfile round in a circle.
            if info.offset <= last:
                raise TooMuchError("overlap")
            last = info.offset
            reader.in_member = True
            _add_tarred(archive, info, unpacking)
            reader.next_member()
            # tarfile keeps every member that it met, and what global headers said, without end.
            archive.members = []  # type: ignore[attr-defined] # an attribute that typeshed leaves out
            archive.pax_headers = {}
    return True


def _decompressed(stream: BinaryIO, kind: Kind) -> BinaryIO:
    if kind is Kind.GZIP:
        return cast("BinaryIO", gzip.GzipFile(fileobj=stream))
    if kind is Kind.BZIP2:
        return cast("BinaryIO", bz2.BZ2File(stream))
    if kind is Kind.XZ:
        return cast("BinaryIO", lzma.LZMAFile(stream))
    return stream


def _add_tarred(archive: tarfile.TarFile, info: tarfile.TarInfo, unpacking: Unpacking) -> None:
    path = unpacking.path_of(info.name, is_folder=info.isdir())
    if path is None:
        return
    if info.issym() or info.islnk():
        unpacking.refuse(info.name, Refusal.LINK)
        return
    member = archive.extractfile(info) if info.isreg() and not info.issparse() else None
    if member is None:
        unpacking.refuse(info.name, Refusal.SPECIAL)
        return
    with member:
        unpacking.add(path, cast("BinaryIO", member), _LIMITS, float(info.mtime))
