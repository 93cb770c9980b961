"""Calibrate, at rest: what each training reached, in a file that goes with the sheet or the data.

Trainings for a threshold take hours. Kept there, and not in one user's cache alone, they can be
gone on with on another day or machine, and a threshold can be worked out again without any of them.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.errors import SheetError
from grader.files import write_atomically
from grader.records import Part, Splits, Training
from grader.sheets import calibration_file

_NAME = "calibration.jsonl"
_SPLITS = ("train", "valid", "test")


@dataclass(frozen=True)
class Measurement:
    """What one training reached: accuracies, or errors where the part's targets are numbers.

    They are None where its loss became NaN or infinite.
    """

    key: str
    network: str
    seed: int
    threads: int
    measured: Splits
    cpu_seconds: float
    processor: str


class Ledger:
    """The measurements in one file: one line of JSON for each training, found again by its key."""

    def __init__(self, path: Path) -> None:
        """Raises SheetError where the file is there and is not such a file."""
        self._path = path
        self._entries = _read(path)

    def __contains__(self, key: str) -> bool:
        return key in self._entries

    def get(self, key: str) -> Measurement | None:
        """What the training with this key reached; None where it was not measured yet."""
        entry = self._entries.get(key)
        return _measurement(entry) if entry else None

    def add(self, part: Part, network: str, training: Training) -> Measurement:
        """Keep what a training reached. Raises SheetError where the file cannot be written."""
        measured = part.target.measured(training)
        entry = {
            "part": part.id,
            "network": network,
            "seed": training.seed,
            "threads": training.threads,
            **{split: getattr(measured, split) for split in _SPLITS},
            "cpu_seconds": round(training.cpu_seconds, 1),
            "processor": _processor(),
            "key": training.key,
        }
        # Another calibration of the same sheet may have added to it meanwhile.
        self._entries = {**self._entries, **_read(self._path), training.key: entry}
        _write(self._path, self._entries)
        return _measurement(entry)


def ledger_file(part: Part, data_path: Path | None) -> Path:
    """Beside the thresholds: in the sheet, for the built-in data or the part's own, or the data."""
    beside = None if part.data else calibration_file(data_path)
    return beside.with_suffix(".jsonl") if beside else part.stub.parent / _NAME


def _measurement(entry: Mapping[str, Any]) -> Measurement:
    return Measurement(
        key=entry["key"],
        network=entry["network"],
        seed=entry["seed"],
        threads=entry["threads"],
        measured=Splits(*(entry[split] for split in _SPLITS)),
        cpu_seconds=entry["cpu_seconds"],
        processor=entry["processor"],
    )


def _read(path: Path) -> dict[str, Mapping[str, Any]]:
    """The lines of the file by their keys; none where there is no file."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise SheetError(
            f"{path}: cannot be read ({error}). Make it readable, or delete it."
        ) from error
    entries: dict[str, Mapping[str, Any]] = {}
    for number, line in enumerate(lines, start=1):
        try:
            entry = json.loads(line)
            entries[_measurement(entry).key] = entry
        except (ValueError, KeyError, TypeError) as error:
            raise SheetError(
                f"{path}, line {number}: this is no measurement of a training as `grader "
                f"calibrate` writes them ({error!r}). Delete the line; its training is done again."
            ) from error
    return entries


def _write(path: Path, entries: Mapping[str, Mapping[str, Any]]) -> None:
    # In order, so that versions of the file can be compared.
    ordered = sorted(entries.values(), key=lambda e: (e["part"], e["network"], e["seed"], e["key"]))
    try:
        write_atomically(path, "".join(f"{json.dumps(entry)}\n" for entry in ordered))
    except OSError as error:
        raise SheetError(
            f"{path}: cannot be written ({error.strerror}). The trainings are kept in the cache: "
            "make the folder writable and give the same command again."
        ) from error


def _processor() -> str:
    """The processor's name: another one rounds differently, and counts like another seed."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8", "replace").splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, "") or platform.processor() or platform.machine()
