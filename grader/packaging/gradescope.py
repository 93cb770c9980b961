"""Packages: the autograder.zip for Gradescope."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader import __version__
from grader.export import gradescope
from grader.export.packing import zipped
from grader.messages import NoResult
from grader.packaging import project
from grader.packaging.advice import advice
from grader.packaging.record import NAME, Package
from grader.records import Sheet, Training
from grader.training.cache import kept_path, kept_text
from grader.training.key import versions

_PROGRAMS = {"setup.sh": "setup.sh", "run_autograder": "run_autograder.sh"}
_FILES = Path(__file__).with_name("files")
_DATA_FILE = "data_set.npz"


@dataclass(frozen=True)
class ChosenData:
    """A data set that is not the built-in one: its file, and that of its thresholds, if any."""

    content: bytes
    thresholds: bytes | None


def autograder_zip(
    root: Path,
    sheets: Sequence[Sheet],
    trainings: Iterable[Training],
    data_sha256: str,
    chosen_data: ChosenData | None,
    minutes: int,
) -> bytes:
    """The archive, of the clone at `root`: the same bytes whenever it is made of the same things.

    No solution is in it: grading needs the tables alone, and the trainings by their keys.
    """
    package = Package(
        grader=__version__,
        sheets=tuple(sheet.id for sheet in sheets),
        data_file=_DATA_FILE if chosen_data else None,
        data_sha256=data_sha256,
        versions=versions(),
        minutes=minutes,
    )
    code = project.code(root, with_faces=chosen_data is None) | project.exercises(root, sheets)
    files = {f"project/{path}": content for path, content in code.items()}
    files |= {name: (_FILES / file).read_bytes() for name, file in _PROGRAMS.items()}
    files |= {
        f"cache/{kept_path(training.key)}": kept_text(training).encode() for training in trainings
    }
    files |= _data_files(chosen_data)
    told = advice(NoResult.ENDED, minutes, None)
    files |= {
        NAME: package.to_json().encode(),
        "no_results.json": gradescope.no_results(NoResult.ENDED, told).encode(),
        "python_version": ".".join(package.versions["python"].split(".")[:2]).encode(),
        "requirements.lock": project.lock(root),
    }
    return zipped(files, _PROGRAMS, is_private=True)


def _data_files(chosen_data: ChosenData | None) -> dict[str, bytes]:
    if chosen_data is None:
        return {}
    files = {_DATA_FILE: chosen_data.content}
    if chosen_data.thresholds is not None:
        files[f"{_DATA_FILE}.calibration.toml"] = chosen_data.thresholds
    return files
