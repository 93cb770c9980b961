"""Telling: zip archives that are the same bytes whenever they hold the same files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Mapping

_MODE, _PROGRAM = 0o644, 0o755
# What group and others may.
_OTHERS = 0o077


def zipped(
    files: Mapping[str, bytes], programs: Collection[str] = (), *, is_private: bool = False
) -> bytes:
    """The archive of these files by their paths, sorted, without dates.

    `programs` may be run; where it `is_private` all are for the one who unpacks it alone.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted(files):
            member = zipfile.ZipInfo(path)  # its date is zip's own first day
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 3  # as on Unix, wherever this runs
            mode = _PROGRAM if path in programs else _MODE
            member.external_attr = (mode & ~_OTHERS if is_private else mode) << 16
            archive.writestr(member, files[path])
    return packed.getvalue()
