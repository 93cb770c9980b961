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
    from grader.cli.examination import findings
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
    fine = True
    for finding in findings():
        fine = fine and finding.fine
        click.echo(
            f"{finding.name:12} {'works' if finding.fine else 'DOES NOT WORK'}: {finding.text}"
        )
    if not fine:
        sys.exit(3)
