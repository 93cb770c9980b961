"""Face of the program: `grader new`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(short_help="make a part of a pasted model summary")
@click.argument("summary", type=click.Path(path_type=Path), metavar="SUMMARY.txt")
@click.option("--sheet", required=True, help="folder of the sheet; it is made where there is none")
@click.option("--part", required=True, help="id of the new part, such as cnn_d")
@click.option(
    "--input-shape",
    metavar="SIZES",
    help="what goes in, without the batch, where the summary does not show it: 28,28,1",
)
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    help="folder of the sheets; by default exercises/",
)
def new(summary: Path, sheet: str, part: str, input_shape: str | None, folder: Path | None) -> None:
    """Make an exercise of what model.summary() printed: table, stub, solution, tips and entry.

    The settings of each layer are solved from shapes and parameters. What several settings would
    give is listed with what was taken; what no setting gives is asked for, with line and column.
    Nothing that is there is overwritten.

    \b
    Example:
      grader new lenet.txt --sheet digits --part lenet
    """
    from grader.cli.new_run import Request, run

    for line in run(Request(summary, sheet, part, input_shape, folder)):
        click.echo(line)
