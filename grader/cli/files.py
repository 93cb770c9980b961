"""Face of the program: files named on the command line, with their faults in a sentence."""

from __future__ import annotations

from pathlib import Path

from grader.errors import UsageError
from grader.files import write_bytes_atomically


def read_file(path: Path) -> bytes:
    """The content of the file; raises UsageError where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error


def write_file(path: Path, content: bytes) -> None:
    """Write the content in one step; raises UsageError where it cannot be written."""
    try:
        write_bytes_atomically(path, content)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from error


def near(path: Path) -> str:
    """The path as it can be typed from here, where it lies below."""
    here, full = Path.cwd(), path.resolve()
    return str(full.relative_to(here)) if full.is_relative_to(here) else str(full)
