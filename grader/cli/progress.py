"""Face of the program: the progress of a batch, as bars or plain lines, and in its log."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn
from rich.progress import Progress as Bars

from grader.batch.memory import is_failure
from grader.batch.tally import Running, Tally
from grader.batch.tasks import Result, Task, TrainTask
from grader.messages import count, duration
from grader.records import Grade, Submission, Training
from grader.text import printable, printable_line

LOG = "grader.log"
# So long after the last line another one says that the batch is alive, and how far.
_SILENT_SECONDS = 60.0


class Shown(Tally):
    """Tells what happens in lines: to the log of the run, and to whoever looks on."""

    def __init__(self, num_submissions: int, out: Path, log: BinaryIO) -> None:
        super().__init__()
        self._num_submissions = num_submissions
        self._out = out
        self._log = log
        self._spoke = time.monotonic()
        self._has_counted = False

    def say(self, line: str) -> None:
        """Put this line into the log, and where it is looked at."""
        self._spoke = time.monotonic()
        # A log that cannot be written is missed by nobody but the one who looks for it.
        with contextlib.suppress(OSError):
            stamp = datetime.now().astimezone().isoformat(timespec="seconds")
            self._log.write(f"{stamp} {line}\n".encode("utf-8", "backslashreplace"))
        self.show(line)

    def show(self, line: str) -> None:
        """Show the line; nobody looks on unless a subclass says so."""

    def started(self, task: Task) -> None:
        """Tell of trainings."""
        super().started(task)
        if isinstance(task, TrainTask):
            self.say(f"training {_title(task)} begins")

    def retried(self, task: Task, reason: str) -> None:
        """Tell why."""
        super().retried(task, reason)
        self.say(f"{_title(task)} is done again: {printable_line(reason)}")

    def done(self, task: Task, result: Result) -> None:
        """Tell of trainings, and of what came to nothing."""
        super().done(task, result)
        if isinstance(result, Training):
            self.say(f"training {_title(task)}: {_ending(result)} ({self._counts()})")
        elif is_failure(result):
            self.say(f"{_title(task)}: the grader failed ({self._counts()})")

    def graded(self, grade: Grade) -> None:
        """Tell the points, and where the page is."""
        super().graded(grade)
        self.say(
            f"graded {self.num_graded} of {self._num_submissions}: "
            f"{printable_line(grade.student.name)}, {grade.score:g} of {grade.max_score:g} points, "
            f"{self._out / grade.report}"
        )

    def failed(self, submission: Submission, trace: str) -> None:
        """Tell where, with the lines that help to mend it."""
        super().failed(submission, trace)
        self.say(f"{submission.id}: the grader failed here\n{printable(trace)}")

    def beat(self) -> None:
        """Tell how many networks there are, once that is known; and that the batch is alive."""
        all_described = self.num_described == self._num_submissions
        networks = self.training.num_planned
        if networks and not self._has_counted and all_described and self.rebuilding.is_done:
            self._has_counted = True
            described = count(self.num_described, "submission")
            self.say(f"{described} described, {count(networks, 'different network')} to train")
        if time.monotonic() - self._spoke >= _SILENT_SECONDS:
            self.say(self.status())

    def status(self) -> str:
        """How far everything is, what is running, and how long it will take."""
        running = ", ".join(_position(one) for one in self.running.values())
        return f"{self._counts()}; running: {running}" if running else self._counts()

    def _counts(self) -> str:
        facts = [f"{self.num_described} of {self._num_submissions} described"]
        if self.training.num_planned:
            trained = f"{self.training.num_done} of {self.training.num_planned}"
            facts.append(f"{trained} networks trained")
        if self.num_failures:
            facts.append(count(self.num_failures, "failure"))
        return ", ".join([*facts, *self._time_left()])

    def _time_left(self) -> list[str]:
        if not self.describing.is_done:
            # How many networks there will be to train is not known before.
            seconds = self.describing.seconds_left(time.monotonic())
            return [f"about {duration(seconds)} until all are described"] if seconds else []
        seconds = self.seconds_left()
        return [f"about {duration(seconds)} left"] if seconds else []


@contextmanager
def shown(num_submissions: int, out: Path, *, quiet: bool) -> Iterator[Shown]:
    """What logs the progress of a batch in `out` and shows it on standard error, fit for that."""
    # Without a buffer: what a full disk did not take would be in the way when it is closed.
    with (out / LOG).open("ab", buffering=0) as log:
        if quiet:
            yield Shown(num_submissions, out, log)
        elif not sys.stderr.isatty():
            yield _Lines(num_submissions, out, log)
        else:
            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
            with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
                yield _OnTerminal(num_submissions, out, log, bars)


class _Lines(Shown):
    """Plain lines, where there is no terminal."""

    def show(self, line: str) -> None:
        click.echo(line, err=True)


class _OnTerminal(Shown):
    """Bars below the lines: submissions, networks, and the epochs of each training under way."""

    def __init__(self, num_submissions: int, out: Path, log: BinaryIO, bars: Bars) -> None:
        super().__init__(num_submissions, out, log)
        self._bars = bars
        self._submissions = bars.add_task("submissions described", total=num_submissions)
        self._networks = bars.add_task("networks trained", total=0, visible=False)
        self._tasks: dict[str, TaskID] = {}

    def show(self, line: str) -> None:
        self._bars.console.print(line, markup=False, highlight=False)

    def described(self, submission: Submission) -> None:
        super().described(submission)
        self._draw()

    def beat(self) -> None:
        super().beat()
        self._draw()

    def _draw(self) -> None:
        """Show everything as it is, from the one thread that may draw."""
        left = "".join(f", {one}" for one in self._time_left())
        failures = f", {count(self.num_failures, 'failure')}" if self.num_failures else ""
        self._bars.update(
            self._submissions,
            completed=self.num_described,
            description=f"submissions described{failures}{left}",
        )
        self._bars.update(
            self._networks,
            total=self.training.num_planned,
            completed=self.training.num_done,
            visible=self.training.num_planned > 0,
        )
        for key, running in self.running.items():
            if key not in self._tasks:
                title = f"training {_title(running.task)}"
                self._tasks[key] = self._bars.add_task(title, total=None)
            if progress := running.progress:
                self._bars.update(self._tasks[key], total=progress.epochs, completed=progress.epoch)
        for key in self._tasks.keys() - self.running.keys():
            self._bars.remove_task(self._tasks.pop(key))


def _title(task: Task) -> str:
    """How a task is called; two networks of one part are told apart."""
    name = f"{task.title} ({task.key[:8]})" if isinstance(task, TrainTask) else task.title
    return printable_line(name)


def _position(running: Running) -> str:
    progress = running.progress
    where = f", epoch {progress.epoch} of {progress.epochs}" if progress else ""
    return f"{_title(running.task)}{where}"


def _ending(training: Training) -> str:
    test = training.accuracy.test
    reached = "" if test is None else f", test accuracy {test:.2f}"
    word = training.outcome.value.replace("_", " ")
    return f"{word} after {count(training.epochs, 'epoch')}{reached}, {training.seconds:.0f} s"
