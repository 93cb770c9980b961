"""Face of the program: `grader check-sheets`."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command("check-sheets", short_help="whether sheets are fit for a class")
@click.argument("folder", required=False, type=click.Path(path_type=Path), metavar="[FOLDER]")
@click.option("--data", type=click.Path(path_type=Path), help="data set of the thresholds")
@click.option("--slips", is_flag=True, help="list the slips that get another first hint")
def check_sheets(folder: Path | None, data: Path | None, *, slips: bool) -> None:
    """Check every part of the sheets in FOLDER, by default exercises/, without training.

    Solutions (in solutions/ beside FOLDER) have to pass and stubs to count as not attempted;
    tables have to be readable and tips to be there. Each solution is then tried with typical slips,
    one at a time: a layer dropped, doubled, swapped or replaced, a number changed. None may pass,
    and the first hint has to name it.

    Ends with 2 where something has to be mended.

    \b
    Examples:
      grader check-sheets
      grader check-sheets samples/sheets
    """
    from grader.cli.check_sheets_run import Request, run

    sys.exit(run(Request(folder, data, list_slips=slips)))
