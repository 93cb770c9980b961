"""Face of the program: `grader watch`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(short_help="check a part on every save")
@click.argument("folder", required=False, type=click.Path(path_type=Path), metavar="[FOLDER]")
def watch(folder: Path | None) -> None:
    """Check a part whenever its file in FOLDER (exercises/) is saved, until Ctrl-C.

    Notebooks and files that a part imports count, too. Nothing is trained: pytest does that.

    \b
    Examples:
      grader watch
      grader watch exercises/faces_cnn
    """
    from grader.cli.watching import run

    run(folder)
