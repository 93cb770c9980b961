"""Writes thresholds into sheet.toml, or beside a data set; whatever else stands there stays."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import AoT, Table

from grader.errors import SheetError
from grader.files import write_atomically
from grader.records import Calibration, Part
from grader.sheets.calibrations import calibration_file
from grader.sheets.reading import read_toml

_HEAD = """\
# Accuracy thresholds for this data set, measured by `grader calibrate`.
# The grader reads them as long as this file lies beside the data.

"""
_UNREADABLE = "Make it readable, or delete it."


def write_calibration(part: Part, calibration: Calibration, data_path: Path | None) -> Path:
    """The file that holds the threshold from now on, in place of an older one for the same data.

    It is the part's sheet.toml for the built-in data set and for one of the part's own, else
    `calibration_file(data_path)`.
    Raises SheetError where it cannot be written.
    """
    entries = {**asdict(calibration), "versions": _inline(calibration.versions)}
    beside = None if part.data else calibration_file(data_path)
    if beside is None:
        file = part.stub.parent / "sheet.toml"
        document = _parse(file)
        owner = next(table for table in document["parts"] if table["id"].strip() == part.id)
        _put(owner, entries, ("data_sha256",))
    else:
        file = beside
        document = _parse(file) if file.exists() else tomlkit.parse(_HEAD)
        _put(document, {"part": part.id, **entries}, ("part", "data_sha256"))
    _write(file, tomlkit.dumps(document))
    return file


def _parse(file: Path) -> Any:  # noqa: ANN401 - a document, whose contents tomlkit cannot type
    # The same sentences for a broken file as everywhere; then the bytes, which keep the line ends.
    read_toml(file, _UNREADABLE)
    return tomlkit.parse(file.read_bytes())


def _put(owner: Any, entries: Mapping[str, Any], same: tuple[str, ...]) -> None:  # noqa: ANN401 - as above
    """Put the entries among the owner's calibrations, in place of those with the `same` values."""
    found = owner.get("calibrations")
    if not isinstance(found, AoT):
        # None yet, or written as a list in one line, to which no table can be added.
        tables = tomlkit.aot()
        for written in found or []:
            tables.append(_table(written))
        owner.pop("calibrations", None)
        found = tables
    like = [table for table in found if all(table[key] == entries[key] for key in same)]
    if like:
        like[0].update(entries)
    else:
        found.append(_table(entries))
    if "calibrations" not in owner:
        owner.append("calibrations", found)


def _table(entries: Mapping[str, Any]) -> Table:
    table = tomlkit.table()
    table.update(entries)
    table.add(tomlkit.nl())
    return table


def _inline(entries: Mapping[str, str]) -> MutableMapping[str, Any]:
    table = tomlkit.inline_table()
    table.update(entries)
    return table


def _write(file: Path, text: str) -> None:
    try:
        write_atomically(file, text.rstrip() + "\n")
    except OSError as error:
        raise SheetError(
            f"{file}: cannot be written ({error.strerror}). The trainings are kept: make the "
            "folder writable and give the same command again."
        ) from error
