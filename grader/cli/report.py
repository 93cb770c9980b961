"""Face of the program: `grader report`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(short_help="write the pages of a graded class again")
@click.argument("out", type=click.Path(path_type=Path), metavar="OUT")
def report(out: Path) -> None:
    """Write all pages and results.json again from the gradebook in OUT; nothing is graded.

    \b
    Example:
      grader report class
    """
    from grader.cli.rendering import write_all

    run, has_images = write_all(out)
    if not has_images:
        click.echo(
            f"The data set '{run.data.name}' is not found any more: the pages name the test images "
            "that a network got wrong, and do not show them."
        )
    click.echo(f"{len(run.grades)} pages written. Class page: {out / 'index.html'}")
