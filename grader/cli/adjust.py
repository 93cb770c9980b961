"""Face of the program: `grader adjust`."""

from __future__ import annotations

from pathlib import Path

import click


# -0.5 is a number of points and no option.
@click.command(
    short_help="give or take points by hand", context_settings={"ignore_unknown_options": True}
)
@click.argument("out", type=click.Path(path_type=Path), metavar="OUT")
@click.argument("submission")
@click.argument("part")
@click.argument("points", type=float)
@click.option("--reason", required=True, metavar="TEXT", help="why; the student reads it")
def adjust(out: Path, submission: str, part: str, points: float, reason: str) -> None:
    """Add POINTS to the total of a SUBMISSION in OUT; negative ones take away.

    The correction stands in place of an earlier one for the same PART; 0 takes it away. It is kept
    when the submission is graded again, and shown with its reason on the pages, which are brought
    up to date. SUBMISSION is the name of its folder in OUT/students.

    \b
    Examples:
      grader adjust class doe_jane cnn_a -0.5 --reason "Handed in a day late."
      grader adjust class doe_jane cnn_a 0 --reason "Was handed in on time."
    """
    from grader.cli.rendering import write_changed
    from grader.gradebook import Gradebook

    Gradebook.read(out).close()  # to open a gradebook for writing makes one where there is none
    with Gradebook.open(out) as gradebook:
        gradebook.adjust(submission, part, points, reason)
        run = write_changed(gradebook, out)
    grade = next(grade for grade in run.grades if grade.submission == submission)
    click.echo(
        f"{submission}: {grade.score:g} of {grade.max_score:g} points. Report: {out / grade.report}"
    )
