"""Face of the program: the command line. Faults of people end it with 2, our own with 3."""

from __future__ import annotations

import sys
import traceback

import click

from grader import __version__
from grader.cli.adjust import adjust
from grader.cli.answers import answers
from grader.cli.calibrate import calibrate
from grader.cli.check_sheets import check_sheets
from grader.cli.data import data
from grader.cli.doctor import doctor
from grader.cli.export import export
from grader.cli.grade import grade
from grader.cli.new import new
from grader.cli.package import package
from grader.cli.report import report
from grader.cli.tip import tip
from grader.cli.watch import watch
from grader.errors import GraderError, UsageError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="grader")
def commands() -> None:
    """Grade the 8 faces exercises: is it the table's network, and how good is it.

    \b
    Example:
      grader grade samples/submissions -o class
    """


commands.add_command(grade)
commands.add_command(report)
commands.add_command(adjust)
commands.add_command(answers)
commands.add_command(export)
commands.add_command(package)
commands.add_command(watch)
commands.add_command(calibrate)
commands.add_command(data)
commands.add_command(new)
commands.add_command(check_sheets)
commands.add_command(tip)
commands.add_command(doctor)


def main() -> None:
    """Run the command line; errors become sentences and exit codes."""
    try:
        commands(prog_name="grader")
    except UsageError as error:
        _stop(error, 2)
    except GraderError as error:
        _stop(error, 3)
    except Exception:  # noqa: BLE001 - Python would end with 1, which means a part that is not done
        traceback.print_exc()
        sys.exit(3)


def _stop(error: Exception, code: int) -> None:
    click.echo(f"grader: {error}", err=True)
    sys.exit(code)
