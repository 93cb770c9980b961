"""Face of the program: `grader package`."""

from __future__ import annotations

from pathlib import Path

import click

from grader.packaging.record import MOST_MINUTES

_OUT = click.option(
    "-o",
    "target",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="the zip to write",
)
_SHEETS = click.option(
    "--sheet", "sheets", multiple=True, metavar="ID", help="only this sheet (may be repeated)"
)


@click.group(short_help="the grader, packed to run on Gradescope or GitHub Classroom")
def package() -> None:
    """Pack the grader with its sheets, to run where others run it.

    \b
    Examples:
      grader package gradescope -o autograder.zip --sheet faces_fc
      grader package classroom -o template.zip
    """


@package.command(short_help="an autograder for Gradescope")
@_OUT
@_SHEETS
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    help="data set to train on; by default the built-in faces",
)
@click.option(
    "--minutes",
    type=click.IntRange(2, MOST_MINUTES),
    default=10,
    show_default=True,
    help="the autograder's timeout, as set on Gradescope",
)
def gradescope(target: Path, sheets: tuple[str, ...], data: Path | None, minutes: int) -> None:
    """Write an autograder for Gradescope, to be uploaded as it is.

    In it are the grader, the sheets, the data set, locked dependencies, and the results of the
    solutions' trainings, so that a submission that is right needs none; what has not been trained
    yet on this machine is trained first. No solution is in it. docs/gradescope.md tells the rest.

    \b
    Examples:
      grader package gradescope -o autograder.zip --sheet faces_fc
      grader package gradescope -o autograder.zip --data faces.npz --minutes 20
    """
    from grader.cli.package_run import gradescope_package

    gradescope_package(target, sheets, data, minutes)


@package.command(short_help="a template repository for GitHub Classroom")
@_OUT
@_SHEETS
def classroom(target: Path, sheets: tuple[str, ...]) -> None:
    """Write a template repository for GitHub Classroom: the sheets without their solutions.

    With it come the grader, the built-in data set, locked dependencies and a workflow that grades
    each push. docs/export.md tells what to protect.

    \b
    Example:
      grader package classroom -o template.zip --sheet faces_fc
    """
    from grader.cli.package_run import classroom_package

    classroom_package(target, sheets)
