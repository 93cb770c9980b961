"""Face of the program: how far trainings are, as bars on a terminal or as plain lines."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, TaskID, TextColumn
from rich.progress import Progress as Bars

from grader.batch.tally import Tally
from grader.batch.tasks import Result, Task, TrainTask
from grader.messages import duration


class Shown(Tally):
    """Knows how far all trainings are together; `tasks` are those to be done."""

    def __init__(self, tasks: Sequence[TrainTask]) -> None:
        super().__init__()
        for task in tasks:
            self.planned(task)

    def say(self, text: str, *, err: bool = False) -> None:
        """Write this to standard output (or standard error) for good."""
        click.echo(text, err=err)

    def count(self) -> str:
        """How many trainings are done, and about how long the others will take."""
        done = f"{self.training.num_done} of {self.training.num_planned} trainings"
        seconds = self.seconds_left()
        return f"{done}, about {duration(seconds)} left" if seconds else done


@contextmanager
def shown(tasks: Sequence[TrainTask]) -> Iterator[Shown]:
    """What shows the progress on standard error, fit for what that is."""
    if not sys.stderr.isatty():
        yield _Lines(tasks)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[state]}"))
    bars = Bars(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False)
    with bars:
        yield _OnTerminal(tasks, bars)


class _Lines(Shown):
    """One line for every training that is done, for a log."""

    def done(self, task: Task, result: Result) -> None:
        super().done(task, result)
        click.echo(f"{self.count()}: {task.title} is done", err=True)


class _OnTerminal(Shown):
    """Bars: all trainings together, and the epochs of every one under way."""

    def __init__(self, tasks: Sequence[TrainTask], bars: Bars) -> None:
        super().__init__(tasks)
        self._bars = bars
        self._all = bars.add_task("trainings", total=1.0, state=self.count())
        self._tasks: dict[str, TaskID] = {}

    def say(self, text: str, *, err: bool = False) -> None:
        # Standard output may be a file, which Rich's own printing above the bars would pass by.
        self._bars.stop()
        super().say(text, err=err)
        self._bars.start()

    def beat(self) -> None:
        """Show all that the trainings have told, from the one thread that may draw."""
        for key, running in self.running.items():
            if running.progress is None:
                continue
            epoch, epochs = running.progress.epoch, running.progress.epochs
            if key not in self._tasks:
                self._tasks[key] = self._bars.add_task(running.task.title, total=epochs, state="")
            state = f"epoch {epoch} of {epochs}"
            self._bars.update(self._tasks[key], completed=epoch, state=state)
        for key in self._tasks.keys() - self.running.keys():
            self._bars.remove_task(self._tasks.pop(key))
        self._bars.update(self._all, completed=self.training.share, state=self.count())
