"""Face of the program: `grader calibrate`."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command(short_help="measure the accuracy that a right network reaches")
@click.argument("parts", nargs=-1, metavar="[PART]...")
@click.option(
    "--seeds",
    type=click.IntRange(2, 1000),
    default=10,
    show_default=True,
    help="trainings of the solution; a threshold is written from 10 on",
)
@click.option(
    "--choice-seeds",
    type=click.IntRange(1, 1000),
    default=3,
    show_default=True,
    help="trainings of each choice that the table leaves free",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    help="data set to train on; by default the built-in faces",
)
def calibrate(parts: tuple[str, ...], seeds: int, choice_seeds: int, data: Path | None) -> None:
    """Train the solution of each PART over many seeds, and write the threshold for grades.

    Without PART all parts are calibrated, which takes hours.

    The choices that a table leaves free are trained as well (Keras' default initializers, dropout
    0.2 and 0.5, elu for relu, more threads): the threshold is one that all of them reach. What
    typical slips reach is told beside it. docs/calibration.md says how it is computed.

    Thresholds for the built-in faces, and for data that a part brings itself, go into sheet.toml,
    those for another data set into FILE.calibration.toml beside it, where grades find them. Where
    a part tells numbers the threshold is of the error, and none of them exceeds it.

    Results are kept: a command that was stopped goes on where it was. What was measured is printed
    as Markdown.

    \b
    Examples:
      grader calibrate fc_a
      grader calibrate --data photographs.npz > accuracies.md
    """
    from grader.cli.calibration_run import Request, run

    try:
        sys.exit(run(Request(parts, seeds, choice_seeds, data)))
    except KeyboardInterrupt:
        click.echo(
            "Stopped. Trainings that were finished are kept: the same command goes on from there.",
            err=True,
        )
        # As shells say it of a program that was interrupted.
        sys.exit(130)
