"""Face of the program: what pytest shows of a part: failures, live progress, the closing lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

import pytest

from grader import messages
from grader.records import Check, CheckName, Outcome, Part, PartGrade, Progress
from grader.report.terminal import PLAIN_WIDTH, difference_table
from grader.report.text import printable

if TYPE_CHECKING:
    from _pytest._io import TerminalWriter

    from grader.pytest_plugin.session import GradingSession

ProgressCall = Callable[[Progress], None]
BAR_WIDTH = 30
# Without a terminal a line now and then is enough to see that it goes on.
EPOCHS_PER_LINE = 5


class FailureText:
    """A failed check as pytest prints it; coloured where the terminal is, plain as `str`."""

    def __init__(self, check: Check, grade: PartGrade) -> None:
        self._check = check
        self._grade = grade

    def __str__(self) -> str:
        return self._text(PLAIN_WIDTH, colour=False)

    def toterminal(self, tw: TerminalWriter) -> None:
        """What pytest calls to print a failure."""
        width = max(PLAIN_WIDTH, min(tw.fullwidth, 120))
        tw.line(self._text(width, colour=tw.hasmarkup))

    def _text(self, width: int, *, colour: bool) -> str:
        parts = [printable(self._check.message)]
        if self._check.name is CheckName.ARCHITECTURE and self._grade.rows:
            parts.append(difference_table(self._grade, width=width, colour=colour))
        else:
            parts += [f"Hint: {printable(hint.message)}" for hint in self._grade.hints]
        return "\n\n".join(parts)


@contextmanager
def live_progress(config: pytest.Config, part: Part) -> Iterator[ProgressCall]:
    """A call that shows the progress of a training on pytest's terminal, whatever is captured."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    capture = config.pluginmanager.get_plugin("capturemanager")
    if reporter is None or config.get_verbosity() < 0:
        yield lambda _progress: None
        return
    shown = False

    def show(progress: Progress) -> None:
        nonlocal shown
        line = _progress_line(part, progress)
        disabled = capture.global_and_fixture_disabled() if capture else nullcontext()
        with disabled:
            if reporter.isatty:
                reporter.rewrite(line, erase=True)
                shown = True
            elif progress.epoch % EPOCHS_PER_LINE == 0 or progress.epoch == progress.epochs:
                reporter.ensure_newline()
                reporter.write_line(line)
                # A pipe would keep it back until the end.
                reporter.flush()

    yield show
    if shown:
        reporter.write_line("")


def _progress_line(part: Part, progress: Progress) -> str:
    valid = "" if progress.val_accuracy is None else f", valid {progress.val_accuracy:.2f}"
    return (
        f"{part.id}: epoch {progress.epoch} of {progress.epochs}, loss {progress.loss:.3f}, "
        f"accuracy {progress.accuracy:.2f}{valid}, {_duration(progress.seconds_left)} left"
    )


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def closing_lines(grading: GradingSession) -> list[str]:
    """How far the parts are, the next step, the report's path; none where no part was looked at."""
    if not grading.grades:
        return []
    grade = grading.grade()
    num_done = sum(part.outcome is Outcome.PASSED for part in grade.parts)
    num_parts = len(grade.parts)
    filled = BAR_WIDTH * num_done // num_parts
    bar = "#" * filled + "-" * (BAR_WIDTH - filled)
    lines = [
        f"{num_done} of {num_parts} done [{bar}] {grade.score:g} of {grade.max_score:g} points",
        f"Next: {printable(messages.next_step(grade, grading.parts))}",
    ]
    if grading.report:
        lines.append(f"Report: {grading.report}")
    return lines


def failure_text(check: Check, grade: PartGrade) -> Any:  # noqa: ANN401 - pytest's type is private
    """The representation of a failed check for pytest."""
    return FailureText(check, grade)
