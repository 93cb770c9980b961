"""Face of the program: `grader grade`."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command(short_help="grade one submission or a class of them")
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH..."
)
@click.option(
    "-o",
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help="folder for the pages and results",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    help="data set to train on; by default the built-in faces",
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    help="tasks side by side; by default as many as cores and memory allow",
)
@click.option(
    "--scheduler",
    metavar="tcp://HOST:PORT",
    help="have all tasks performed by the workers of this Dask scheduler",
)
@click.option(
    "--sheet", "sheets", multiple=True, metavar="ID", help="only this sheet (may be repeated)"
)
@click.option(
    "--part", "parts", multiple=True, metavar="ID", help="only this part (may be repeated)"
)
@click.option(
    "--roster",
    type=click.Path(path_type=Path),
    metavar="CSV",
    help="list of all students, to see who handed in nothing; or Moodle's grading worksheet, for "
    "times and groups as well",
)
@click.option(
    "--no-train", is_flag=True, help="stop before the training: only loads, architecture, output"
)
@click.option(
    "--fresh", is_flag=True, help="describe and train again, whatever is kept from earlier runs"
)
@click.option(
    "--unconfined", is_flag=True, help="grade files that you trust where nothing can confine them"
)
@click.option("--quiet", is_flag=True, help="say nothing but errors")
def grade(  # noqa: PLR0913, PLR0917 - one argument per option, as click passes them
    paths: tuple[Path, ...],
    out: Path,
    data: Path | None,
    jobs: int | None,
    scheduler: str | None,
    sheets: tuple[str, ...],
    parts: tuple[str, ...],
    roster: Path | None,
    no_train: bool,  # noqa: FBT001 - click passes it
    fresh: bool,  # noqa: FBT001 - as above
    unconfined: bool,  # noqa: FBT001 - as above
    quiet: bool,  # noqa: FBT001 - as above
) -> None:
    """Grade submissions and write their pages, the class page and results.json to a folder.

    A PATH is one submission (a .py file, a notebook, an archive or a folder), a folder whose
    children are one submission each, or what Moodle, Canvas, Gradescope or GitHub Classroom gives
    out, packed or not. What was graded into the folder before and has not changed is not done
    again, also after a run that was stopped. A course.toml in the folder says what late hand-ins
    lose (docs/grading.md). The exit code is 0 when everything has its result, 1 when a single
    submission was graded and not all of it passed, 2 for a wrong call and 3 when the grader itself
    failed somewhere.

    \b
    Examples:
      grader grade samples/submissions -o class
      grader grade "ML-Faces-4711.zip" -o class
      grader grade doe_jane.zip -o doe_jane --part cnn_a
      grader grade moodle.zip -o class --scheduler tcp://10.0.0.5:8786
    """
    from grader.batch.capacity import measured_capacity
    from grader.cli.grading_plan import Request
    from grader.cli.grading_run import run
    from grader.errors import UsageError

    if jobs and scheduler:
        raise UsageError(
            "--jobs counts tasks on this machine; with --scheduler its workers say how many run "
            "side by side. Leave one of the two out."
        )
    capacity = measured_capacity()
    num_slots = jobs or capacity.num_slots
    request = Request(
        paths=paths,
        out=out,
        data=data,
        num_slots=num_slots,
        is_tight=capacity.is_tight(num_slots),
        sheets=sheets,
        parts=parts,
        with_training=not no_train,
        fresh=fresh,
        unconfined=unconfined,
        quiet=quiet,
        roster=roster,
        scheduler=scheduler,
    )
    sys.exit(run(request))
