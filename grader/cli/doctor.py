"""Face of the program: `grader doctor`."""

from __future__ import annotations

import platform
import sys

import click

from grader import __version__


@click.command(short_help="what works on this machine and what does not")
def doctor() -> None:
    """Say which versions, cores and data are found here, and whether each step works.

    \b
    Example:
      grader doctor
    """
    from grader.cli.examination import trials
    from grader.sandbox.rungs import means
    from grader.training.worker import available_threads

    found = means()
    facts = {
        "grader": __version__,
        "python": f"{platform.python_version()} at {sys.prefix}",
        "system": f"{platform.system()} {platform.release()}, {platform.machine()}",
        "cores": str(available_threads()),
        "bubblewrap": found.bubblewrap or "works",
        "landlock": f"version {found.landlock}" if found.landlock else "none, or switched off",
        "seccomp": found.seccomp or "works",
    }
    for name, value in facts.items():
        click.echo(f"{name:12} {value}")
    all_work = True
    for trial in trials():
        all_work = all_work and trial.works
        click.echo(f"{trial.name:12} {'works' if trial.works else 'DOES NOT WORK'}: {trial.text}")
    if not all_work:
        sys.exit(3)
