"""Face of the program: `grader tip`."""

from __future__ import annotations

import click


@click.command(short_help="the next tip for a part, from a question to the answer")
@click.argument("part")
@click.argument("number", required=False, type=click.IntRange(1), metavar="[N]")
def tip(part: str, number: int | None) -> None:
    """Show one tip for PART: number N, or without it the one after the last that was shown.

    \b
    Examples:
      grader tip cnn_a
      grader tip cnn_a 2
    """
    from grader.cli.tip_run import run

    for line in run(part, number):
        click.echo(line)
