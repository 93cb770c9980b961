"""Face of the program: one run of `grader package`, from sheets to a zip."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import click

from data import DataSet, write_own_file
from data.load import chosen_path
from grader.batch.capacity import measured_capacity
from grader.batch.local import LocalExecutor
from grader.batch.memory import CachedTrainings
from grader.batch.schedule import Schedule
from grader.calibration.running import untrained
from grader.cli.calibration_progress import shown
from grader.cli.files import write_file
from grader.cli.loading import load_data
from grader.errors import UsageError
from grader.grading import grade_part, require_fitting, troubled
from grader.messages import count
from grader.packaging import project
from grader.packaging.advice import settings
from grader.packaging.classroom import template_zip
from grader.packaging.gradescope import ChosenData, autograder_zip
from grader.packaging.references import reference_trainings, trained
from grader.records import Part, Sheet, Training
from grader.sheets import calibrated_parts, calibration_file, find_sheet, load_sheets
from grader.training.cache import TrainingCache


def gradescope_package(
    target: Path, names: Sequence[str], data_path: Path | None, minutes: int
) -> None:
    """Write the autograder, and say what it is. Raises UsageError for a wrong call."""
    root = project.require_clone()
    sheets = _choose(target, names)
    data = load_data(data_path)
    parts = calibrated_parts(sheets, data_path)
    require_fitting(parts, data.x_train.shape[1:], len(data.names))
    trainings = _train(parts, data, data_path)
    chosen = _chosen_data(data, data_path)
    content = autograder_zip(root, sheets, trainings, data.sha256, chosen, minutes)
    write_file(target, content)
    points = sum(_points(part, data.sha256) for part in parts)
    click.echo(_told(target, content, sheets))
    click.echo(f"It gives {points:g} points: set the assignment's autograder points to that.")
    click.echo(f"{count(len(trainings), 'result')} of trainings in it.")
    click.echo(settings(minutes))


def classroom_package(target: Path, names: Sequence[str]) -> None:
    """Write the template, and say what it is. Raises UsageError for a wrong call."""
    root = project.require_clone()
    sheets = _choose(target, names)
    content = template_zip(root, sheets)
    write_file(target, content)
    click.echo(_told(target, content, sheets))


def _choose(target: Path, names: Sequence[str]) -> list[Sheet]:
    """The sheets with these ids, without any all. Raises UsageError for a wrong call."""
    if target.suffix != ".zip":
        raise UsageError(f"-o {target}: a package is a zip. Give the file a name with .zip.")
    sheets = load_sheets()
    wanted = {find_sheet(sheets, name).id for name in names}
    return [sheet for sheet in sheets if sheet.id in wanted or not names]


def _train(parts: Sequence[Part], data: DataSet, data_path: Path | None) -> list[Training]:
    """The results that go with the package; what is not in the cache is trained, with progress."""
    click.echo(f"Looking at the solutions of {', '.join(part.id for part in parts)}.", err=True)
    tasks = reference_trainings(parts, data.sha256)
    cache = TrainingCache()
    capacity = measured_capacity()
    with (
        shown(untrained(tasks, cache)) as show,
        LocalExecutor(capacity.num_slots, data_path, show.progressed) as executor,
    ):
        return trained(tasks, Schedule(executor, CachedTrainings(cache), show))


def _points(part: Part, data_sha256: str) -> float:
    """What a right submission gets for the part on this data set."""
    return grade_part(part, troubled(part, ""), data_sha256).max_score


def _chosen_data(data: DataSet, data_path: Path | None) -> ChosenData | None:
    """The data set as a file of this project, with its thresholds; None for the built-in one."""
    if chosen_path(data_path) is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "data_set.npz"
        write_own_file(data, file)
        content = file.read_bytes()
    thresholds = calibration_file(data_path)
    has_thresholds = thresholds is not None and thresholds.is_file()
    return ChosenData(content, thresholds.read_bytes() if thresholds and has_thresholds else None)


def _told(target: Path, content: bytes, sheets: Sequence[Sheet]) -> str:
    names = ", ".join(sheet.id for sheet in sheets)
    return f"{target}: {len(content) / 1e6:.1f} MB, with {names}."
