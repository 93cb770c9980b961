"""Face of the program: what `grader check-sheets` does, and its table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from grader.authoring.checking import Checked, check_sheets
from grader.cli.loading import load_data
from grader.messages import error_text
from grader.sandbox.launcher import Sandbox
from grader.sheets import calibrated_parts, load_sheets
from grader.training.worker import Worker

_HEADER = ("part", "solution", "stub and tips", "slips", "first hint", "threshold")


@dataclass(frozen=True)
class Request:
    """What was asked for on the command line."""

    folder: Path | None
    data: Path | None
    list_slips: bool


def run(request: Request) -> int:
    """Print the table, then what has to be mended; the exit code is 2 where something has to.

    Raises SheetError for a sheet that cannot be read.
    """
    sheets = load_sheets(request.folder)
    parts = calibrated_parts(sheets, request.data)
    data_sha256 = load_data(request.data).sha256
    results: list[Checked] = []
    with Sandbox() as sandbox, Worker(threads=1) as worker:
        worker.start()
        click.echo(_line(_HEADER))
        for checked in check_sheets(sandbox, worker.rebuild, parts, data_sha256):
            results.append(checked)
            click.echo(_line(_cells(checked)))
            if request.list_slips:
                for told in checked.tried.misnamed:
                    click.echo(f"  {told}")
    return _told(results)


def _cells(checked: Checked) -> Sequence[str]:
    tried = checked.tried
    caught = tried.count - len(tried.passed)
    right = caught - len(tried.misnamed)
    return (
        checked.part.id,
        "passes" if checked.solution_passes else "FAILS",
        f"{'well' if checked.stub_is_well else 'NOT WELL'}, {checked.num_tips} tips",
        f"{caught} of {tried.count} caught" if tried.count else "not tried",
        f"{right} right" if tried.count else "",
        _threshold(checked),
    )


def _threshold(checked: Checked) -> str:
    if not checked.part.is_trained:
        return "not trained"
    if checked.threshold is None:
        return "none yet"
    has_error = checked.part.target.has_error
    return error_text(checked.threshold) if has_error else f"{checked.threshold:.3f}"


def _told(results: Sequence[Checked]) -> int:
    faults = [fault for checked in results for fault in checked.faults]
    uncalibrated = [
        checked.part.id
        for checked in results
        if checked.part.is_trained and checked.threshold is None
    ]
    if uncalibrated:
        click.echo(
            "Without a threshold for the data at hand the last check takes no points: "
            f"grader calibrate {' '.join(uncalibrated)}"
        )
    for fault in faults:
        click.echo(fault)
    if not faults:
        click.echo(f"All well: {len(results)} {'part' if len(results) == 1 else 'parts'}.")
    return 2 if faults else 0


def _line(cells: Sequence[str]) -> str:
    widths = (16, 9, 16, 22, 12, 0)
    return "".join(f"{cell:{width}}" for cell, width in zip(cells, widths, strict=True)).rstrip()
