"""Face of the program: the progress of a batch, as bars on a terminal or as plain lines."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from grader.batch import Listener
from grader.records import Grade, Progress, Submission
from grader.text import printable_line


@contextmanager
def listener_for(num_submissions: int, out: Path, *, quiet: bool) -> Iterator[Listener]:
    """What shows the progress of a batch on standard error, fit for what that is.

    `out` is the folder of the pages, each of which is named when it is there.
    """
    if quiet:
        yield Listener()
        return
    if not sys.stderr.isatty():
        yield _Lines(num_submissions, out)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    time_left = TimeRemainingColumn()
    with Bars(*columns, time_left, console=Console(stderr=True), transient=True) as bars:
        yield _OnTerminal(bars, num_submissions, out)


class _Lines(Listener):
    """One line per submission and training, for a log."""

    def __init__(self, num_submissions: int, out: Path) -> None:
        self._num_submissions = num_submissions
        self._out = out
        self._num_graded = 0
        self._titles: dict[str, str] = {}

    def training_planned(self, key: str, title: str) -> None:
        self._titles[key] = title
        click.echo(f"training {title} ({key[:8]}) is planned", err=True)

    def training_done(self, key: str) -> None:
        click.echo(f"training {self._titles[key]} ({key[:8]}) is finished", err=True)

    def graded(self, grade: Grade) -> None:
        self._num_graded += 1
        count = f"{self._num_graded} of {self._num_submissions}"
        click.echo(
            f"graded {count}: {grade.submission}, {grade.score:g} of {grade.max_score:g} points, "
            f"{self._out / grade.report}",
            err=True,
        )


class _OnTerminal(Listener):
    """Bars: submissions graded, and the epochs of every training under way."""

    def __init__(self, bars: Bars, num_submissions: int, out: Path) -> None:
        self._bars = bars
        self._out = out
        self._submissions = bars.add_task("submissions graded", total=num_submissions)
        self._tasks: dict[str, TaskID] = {}
        self._titles: dict[str, str] = {}

    def describing(self, submission: Submission) -> None:
        name = printable_line(submission.student.name)
        self._bars.update(self._submissions, description=f"submissions graded (reading {name})")

    def training_planned(self, key: str, title: str) -> None:
        self._titles[key] = title

    def training_progressed(self, key: str, progress: Progress) -> None:
        if key not in self._tasks:
            self._tasks[key] = self._bars.add_task("", total=progress.epochs)
        accuracy = f"accuracy {progress.accuracy:.2f}"
        self._bars.update(
            self._tasks[key],
            completed=progress.epoch,
            description=f"training {self._titles[key]}, {accuracy}",
        )

    def training_done(self, key: str) -> None:
        if key in self._tasks:
            self._bars.remove_task(self._tasks.pop(key))

    def graded(self, grade: Grade) -> None:
        self._bars.advance(self._submissions)
        name = printable_line(grade.student.name)
        self._bars.console.print(
            f"{name}: {grade.score:g} of {grade.max_score:g} points, {self._out / grade.report}",
            markup=False,
            highlight=False,
        )
