"""Face of the program: how far a calibration is, as bars on a terminal or as plain lines."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, TaskID, TextColumn
from rich.progress import Progress as Bars

from grader.batch import Listener
from grader.records import Progress


class Shown(Listener):
    """Knows how far all trainings are together; `efforts` are of those to be done, by key."""

    def __init__(self, efforts: Mapping[str, float]) -> None:
        self._efforts = efforts
        self._shares: dict[str, float] = {}
        self._titles: dict[str, str] = {}
        self._num_done = 0
        self._started = time.monotonic()
        self._is_over = False

    def close(self) -> None:
        """Count no more: trainings that end from now on are stopped, not done."""
        self._is_over = True

    def say(self, text: str, *, err: bool = False) -> None:
        """Write this to standard output (or standard error) for good."""
        click.echo(text, err=err)

    def training_planned(self, key: str, title: str) -> None:
        """Remember how the training is called."""
        self._titles[key] = title

    def training_progressed(self, key: str, progress: Progress) -> None:
        """Count the epoch."""
        self._shares[key] = progress.epoch / progress.epochs

    def training_done(self, key: str) -> None:
        """Count the training."""
        if not self._is_over:
            self._shares[key] = 1.0
            self._num_done += 1
            self.counted(key, self._titles[key])

    def counted(self, key: str, title: str) -> None:
        """A training is done; for subclasses to show."""

    def count(self) -> str:
        """How many trainings are done, and about how long the others will take."""
        done = f"{self._num_done} of {len(self._efforts)} trainings"
        share = self.share()
        if not share:
            return done
        seconds = (time.monotonic() - self._started) * (1 - share) / share
        return f"{done}, about {_duration(seconds)} left"

    def share(self) -> float:
        """The part of all work that is done, from 0 to 1."""
        total = sum(self._efforts.values())
        done = sum(self._efforts.get(key, 0.0) * x for key, x in list(self._shares.items()))
        return done / total if total else 1.0


@contextmanager
def shown(efforts: Mapping[str, float]) -> Iterator[Shown]:
    """What shows the progress on standard error, fit for what that is."""
    if not sys.stderr.isatty():
        yield _Lines(efforts)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[state]}"))
    bars = Bars(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False)
    with bars:
        yield _OnTerminal(efforts, bars)


class _Lines(Shown):
    """One line for every training that is done, for a log."""

    def counted(self, key: str, title: str) -> None:
        del key
        click.echo(f"{self.count()}: {title} is done", err=True)


class _OnTerminal(Shown):
    """Bars: all work together, and the epochs of every training under way."""

    def __init__(self, efforts: Mapping[str, float], bars: Bars) -> None:
        super().__init__(efforts)
        self._bars = bars
        self._all = bars.add_task("calibrating", total=1.0, state=self.count())
        self._tasks: dict[str, TaskID] = {}

    def say(self, text: str, *, err: bool = False) -> None:
        # Standard output may be a file, which Rich's own printing above the bars would pass by.
        self._bars.stop()
        super().say(text, err=err)
        self._bars.start()

    def training_progressed(self, key: str, progress: Progress) -> None:
        super().training_progressed(key, progress)
        if key not in self._tasks:
            title = self._titles[key]
            self._tasks[key] = self._bars.add_task(title, total=progress.epochs, state="")
        state = f"epoch {progress.epoch} of {progress.epochs}"
        self._bars.update(self._tasks[key], completed=progress.epoch, state=state)
        self._refresh()

    def counted(self, key: str, title: str) -> None:
        del title
        if key in self._tasks:
            self._bars.remove_task(self._tasks.pop(key))
        self._refresh()

    def _refresh(self) -> None:
        self._bars.update(self._all, completed=self.share(), state=self.count())


def _duration(seconds: float) -> str:
    hours, minutes = divmod(round(seconds / 60), 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min" if minutes else f"{seconds:.0f} s"
