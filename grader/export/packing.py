"""Telling: zip archives that are the same bytes whenever they hold the same files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The archive of these files by their paths, sorted, without dates."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted(files):
            member = zipfile.ZipInfo(path)  # its date is zip's own first day
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 3  # as on Unix, wherever this runs
            member.external_attr = 0o644 << 16
            archive.writestr(member, files[path])
    return packed.getvalue()
