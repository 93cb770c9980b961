"""Thresholds: as they stand in sheet.toml for the built-in data, and beside other data sets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from math import inf
from pathlib import Path

from data.load import chosen_path
from grader.records import Calibration, Part, Sheet, Target
from grader.sheets.entries import Entries
from grader.sheets.reading import read_toml

_KEYS = ("threshold", "mean", "sd", "num_seeds", "data", "data_sha256", "versions")
_VERSIONS = ("python", "keras", "tensorflow")
_VERSIONS_LINE = 'versions = { python = "3.12.1", keras = "3.15.1", tensorflow = "2.21.0" }'


def read_calibrations(part: Entries, target: Target) -> tuple[Calibration, ...]:
    """The thresholds of a part in sheet.toml, each for another data set.

    Accuracies are 1 at most, errors may be anything from 0 up.

    Raises SheetError that names the file, the key and the line to write.
    """
    if "calibrations" not in part.values:
        return ()
    line = "[[parts.calibrations]] with threshold = 0.5 and so on, or nothing"
    tables = part.tables("calibrations", line, where=f"calibrations of {part.where},")
    for table in tables:
        table.only(_KEYS)
    largest = inf if target.has_error else 1.0
    return tuple(_read_calibration(table, largest) for table in tables)


def calibration_file(data_path: Path | None) -> Path | None:
    """Where thresholds for the data set are kept that `data.load(data_path)` reads.

    None for the built-in one, whose thresholds stand in the sheets.
    """
    chosen = chosen_path(data_path)
    if chosen is None:
        return None
    path = chosen.resolve()
    return path.with_name(f"{path.name}.calibration.toml")


def calibrated_parts(sheets: Iterable[Sheet], data_path: Path | None) -> tuple[Part, ...]:
    """All parts of the sheets, with the thresholds beside the data set; see `calibration_file`.

    Raises SheetError where that file is broken.
    """
    file = calibration_file(data_path)
    kept = _read_file(file) if file is not None and file.exists() else {}
    return tuple(
        replace(part, calibrations=(*kept.get(part.id, ()), *part.calibrations))
        for sheet in sheets
        for part in sheet.parts
    )


def _read_file(file: Path) -> dict[str, list[Calibration]]:
    """The thresholds by the part's id."""
    top = read_toml(file, "Make it readable, or delete it.")
    top.only(("calibrations",))
    kept: dict[str, list[Calibration]] = {}
    line = '[[calibrations]] with part = "fc_a" and so on, or delete the file'
    for table in top.tables("calibrations", line, where="[[calibrations]]"):
        table.only(("part", *_KEYS))
        kept.setdefault(table.text("part", 'part = "fc_a"'), []).append(
            _read_calibration(table, 1.0)
        )
    return kept


def _read_calibration(entries: Entries, largest: float) -> Calibration:
    sha256_line = f'data_sha256 = "{"0" * 64}", with the digest of the data set'
    sha256 = entries.text("data_sha256", sha256_line)
    if re.fullmatch(r"[0-9a-f]{64}", sha256) is None:
        reason = f"is {sha256!r}, expected 64 digits of 0-9 and a-f"
        raise entries.refused("data_sha256", reason, sha256_line)
    versions = entries.table("versions", _VERSIONS_LINE, where=f"versions of {entries.where}")
    versions.only(_VERSIONS)
    return Calibration(
        threshold=entries.number("threshold", "threshold = 0.5", largest=largest),
        mean=entries.number("mean", "mean = 0.55", largest=largest),
        sd=entries.number("sd", "sd = 0.02", largest=largest),
        num_seeds=entries.whole("num_seeds", 1, "num_seeds = 10"),
        data=entries.text("data", 'data = "invented faces"'),
        data_sha256=sha256,
        versions={name: versions.text(name, _VERSIONS_LINE) for name in _VERSIONS},
    )
