"""Where examples stand: code blocks of the docs, and the help of commands."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click

from grader.cli import commands

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    path
    for pattern in ("README.md", "docs/*.md", "exercises/*/README.md", "samples/**/*.md")
    for path in ROOT.glob(pattern)
    if path.name != "commands.md"  # it repeats the help of commands
)
PROGRAMS = ("grader", "pytest", "make")

_BLOCK = re.compile(r"^( *)```\w*\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
# A remark stands so many blanks after a command.
_REMARK = re.compile(r" {4,}.*| +# .*")
_INLINE = re.compile(r"`((?:\.venv/bin/)?(?:grader|pytest|make) [^`\n]+)`")


def examples() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Where a command stands, and its words without the folder of the program."""
    for page in PAGES:
        for line in _lines(page.read_text("utf-8")):
            yield str(page.relative_to(ROOT)), words_of(line)
    for name, command in _below(commands, ()):
        for line in (command.help or "").splitlines():
            if line.startswith("  grader "):
                yield f"{name} --help", words_of(line)


def named() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Likewise, for commands in the running text, which may leave out what they work on."""
    for page in PAGES:
        for match in _INLINE.finditer(page.read_text("utf-8")):
            if "..." not in match[1] and "…" not in match[1]:
                yield str(page.relative_to(ROOT)), words_of(match[1])


def words_of(line: str) -> tuple[str, ...]:
    """The words of a command line, its program first, without a remark and redirections."""
    words = shlex.split(_REMARK.sub("", line.strip()))
    words[0] = words[0].removeprefix(".venv/bin/")
    end = next((n for n, word in enumerate(words) if word in {">", "|", "||", "&&"}), None)
    return tuple(words[:end])


def _lines(text: str) -> Iterator[str]:
    for block in _BLOCK.finditer(text):
        for line in block[2].splitlines():
            program = line.strip().removeprefix(".venv/bin/").partition(" ")[0]
            if program in PROGRAMS and "<──" not in line and "..." not in line:
                yield line


def _below(command: click.Command, names: tuple[str, ...]) -> Iterator[tuple[str, click.Command]]:
    yield " ".join(("grader", *names)), command
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            yield from _below(below, (*names, name))
