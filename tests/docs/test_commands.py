"""docs/commands.md is what the commands say of themselves, word for word."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from grader.cli import commands

PAGE = Path(__file__).parents[2] / "docs" / "commands.md"
WIDTH = 100
HEAD = """\
# All commands

What `--help` says, of every command. `make help` lists what a developer starts; the options that
`pytest exercises` has besides pytest's own are in [students.md](students.md).
"""


def all_commands(command: click.Command, *names: str) -> Iterator[tuple[str, click.Command]]:
    """The commands below this one with their whole names, groups before what is in them."""
    yield " ".join(names), command
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            yield from all_commands(below, *names, name)


def page() -> str:
    """The page as the commands would have it."""
    sections = [HEAD]
    for name, _ in all_commands(commands, "grader"):
        arguments = [*name.split()[1:], "--help"]
        ran = CliRunner().invoke(commands, arguments, prog_name="grader", terminal_width=WIDTH)
        sections.append(f"## {name}\n\n```\n{ran.output.rstrip()}\n```\n")
    return "\n".join(sections)


def test_page_of_commands_is_up_to_date(request: pytest.FixtureRequest) -> None:
    """Nothing is missing there, and nothing there is missing in the program."""
    if request.config.getoption("--update-golden"):
        PAGE.write_text(page(), "utf-8")
    assert page() == PAGE.read_text("utf-8"), "`pytest tests/docs --update-golden` writes it anew"


@pytest.mark.parametrize(
    ("name", "command"), [pytest.param(n, c, id=n) for n, c in all_commands(commands, "grader")]
)
def test_every_help_has_an_example(name: str, command: click.Command) -> None:
    """A line to copy, in every command that does something itself."""
    if command.help is None or isinstance(command, click.Group):
        return
    assert "Example" in command.help
    assert f"  {name}" in command.help
