"""Face of the program: `grader export`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

FORMATS = ("moodle", "canvas", "gradescope", "csv", "json", "junit", "classroom")


@click.command(short_help="grades in the format that a learning platform takes")
@click.argument("format_", type=click.Choice(FORMATS), metavar="FORMAT")
@click.argument("out", type=click.Path(path_type=Path), metavar="OUT")
@click.option(
    "-o",
    "target",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="the file to write",
)
@click.option(
    "--worksheet",
    type=click.Path(path_type=Path),
    metavar="THEIRS.csv",
    help="moodle, canvas: the platform's own file, which is filled in",
)
@click.option(
    "--feedback",
    type=click.Path(path_type=Path),
    metavar="ZIP",
    help="moodle: also the students' pages, as a zip of feedback files",
)
@click.option(
    "--out-of",
    type=click.FloatRange(min=0, min_open=True),
    metavar="POINTS",
    help="scale grades to this maximum; by default to the worksheet's, if it names one",
)
def export(
    format_: str,
    out: Path,
    target: Path,
    worksheet: Path | None,
    feedback: Path | None,
    out_of: float | None,
) -> None:
    """Write the grades of OUT, the folder of `grader grade`, in another program's format.

    FORMAT is moodle, canvas, gradescope, csv, json, junit or classroom. The exit code is 0 when
    every submission is in the file, 1 when some could not be placed: they are listed, and left as
    they were; 2 for a wrong call.

    \b
    Examples:
      grader export moodle class -o filled.csv --worksheet Grades.csv --feedback pages.zip
      grader export canvas class -o filled.csv --worksheet gradebook.csv --out-of 20
      grader export csv class -o class.csv
    """
    from grader.cli.export_run import Request, run

    sys.exit(run(Request(format_, out, target, worksheet, feedback, out_of)))
