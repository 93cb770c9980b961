"""Reads a TOML file of a sheet, or says what keeps it from being read."""

from __future__ import annotations

import tomllib
from pathlib import Path

from grader.errors import SheetError
from grader.sheets.entries import Entries


def read_toml(file: Path, advice: str) -> Entries:
    """The entries at the top of a TOML file; SheetError, with `advice` where it is not there."""
    text = read_text(file, advice)
    try:
        return Entries(str(file), "", tomllib.loads(text))
    except ValueError as error:  # TOMLDecodeError, or that of int() for thousands of digits
        raise SheetError(f"{file}: not in the TOML format: {error}. Mend this place.") from error


def read_text(file: Path, advice: str) -> str:
    """The text of a file; SheetError, with `advice`, where it cannot be read."""
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise SheetError(f"{file}: cannot be read ({error.strerror}). {advice}") from error
    except UnicodeDecodeError as error:
        reason = f"byte {error.start} is not UTF-8. Save the file as UTF-8."
        raise SheetError(f"{file}: {reason}") from error
