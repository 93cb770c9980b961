"""Face of the program: `grader answers`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(short_help="points by hand for written answers, in a table")
@click.argument("out", type=click.Path(path_type=Path), metavar="OUT")
@click.option(
    "--export",
    "target",
    type=click.Path(path_type=Path),
    metavar="CSV",
    help="write the table of answers, to be filled in",
)
@click.option(
    "--import",
    "source",
    type=click.Path(path_type=Path),
    metavar="CSV",
    help="take the points and comments of the table that was filled in",
)
def answers(out: Path, target: Path | None, source: Path | None) -> None:
    """Give points for the students' written answers in OUT, the folder of `grader grade`.

    The table has a row for each student and part. Fill in `points`, and a comment for the student
    if you like, in any spreadsheet. A row without points changes nothing, so several people may
    share the work; a `-` takes points away again. An answer counts, also for the maximum, once it
    has points: 0 for none. Either all of a table is taken, or nothing and the rows are named that
    keep it from being taken.

    \b
    Examples:
      grader answers class --export answers.csv
      grader answers class --import answers.csv
    """
    from grader.cli.answers_run import export_answers, import_answers
    from grader.errors import UsageError

    if target is not None and source is None:
        export_answers(out, target)
    elif source is not None and target is None:
        import_answers(out, source)
    else:
        raise UsageError(
            "`grader answers` takes one of --export and --import. For example: "
            f"grader answers {out} --export answers.csv"
        )
