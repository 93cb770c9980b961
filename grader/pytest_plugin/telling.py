"""Face of the program: what pytest shows of a part: failures, live progress, the closing lines."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

import pytest

from grader import messages
from grader.records import Check, CheckName, Outcome, Part, PartGrade, Progress
from grader.report.terminal import PLAIN_WIDTH, difference_table
from grader.text import printable

if TYPE_CHECKING:
    from _pytest._io import TerminalWriter

    from grader.pytest_plugin.session import GradingSession

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
        parts = [_wrapped(printable(self._check.message), width)]
        if self._check.name is CheckName.ARCHITECTURE and self._grade.rows:
            parts.append(difference_table(self._grade, width=width, colour=colour))
        else:
            said = self._check.message
            more = [hint.message for hint in self._grade.hints if hint.message not in said]
            parts += [_wrapped(f"Hint: {printable(message)}", width) for message in more]
        return "\n\n".join(parts)


class LiveProgress:
    """Shows a training on pytest's terminal, whatever is captured; without a terminal in lines."""

    def __init__(self, config: pytest.Config, part: Part) -> None:
        self._reporter: Any = config.pluginmanager.get_plugin("terminalreporter")
        self._capture: Any = config.pluginmanager.get_plugin("capturemanager")
        self._is_quiet = self._reporter is None or config.get_verbosity() < 0
        self._part = part
        self._is_line_open = False

    def started(self, threads: int) -> None:
        """Say how much is to come."""
        self._line(f"{messages.budget_message(self._part, threads)}; Ctrl-C stops it")

    def progressed(self, progress: Progress) -> None:
        """Show the epoch that is finished: in place on a terminal, else in a line now and then."""
        line = messages.progress_message(self._part, progress)
        if not self._is_quiet and self._reporter.isatty:
            with self._uncaptured():
                self._reporter.rewrite(line, erase=True)
            self._is_line_open = True
        elif progress.epoch % EPOCHS_PER_LINE == 0 or progress.epoch == progress.epochs:
            self._line(line)

    def ended(self) -> None:
        """Leave the line that was written in place."""
        if self._is_line_open:
            self._reporter.write_line("")

    def _line(self, text: str) -> None:
        if self._is_quiet:
            return
        with self._uncaptured():
            self._reporter.ensure_newline()
            self._reporter.write_line(text)
            # A pipe would keep it back until the end.
            self._reporter.flush()

    def _uncaptured(self) -> AbstractContextManager[None]:
        if self._capture is None:
            return nullcontext()
        uncaptured: AbstractContextManager[None] = self._capture.global_and_fixture_disabled()
        return uncaptured


@contextmanager
def live_progress(config: pytest.Config, part: Part) -> Iterator[LiveProgress]:
    """What shows the training of one check."""
    live = LiveProgress(config, part)
    try:
        yield live
    finally:
        live.ended()


def closing_lines(grading: GradingSession) -> list[str]:
    """How far the parts are, the next step, the report's path; none where no part was looked at."""
    if not grading.grades:
        return []
    grade = grading.grade()
    num_done = sum(part.outcome is Outcome.PASSED for part in grade.parts)
    num_parts = len(grade.parts)
    filled = BAR_WIDTH * num_done // num_parts
    bar = "#" * filled + "-" * (BAR_WIDTH - filled)
    step = messages.next_step(grade, grading.parts)
    lines = [
        f"{num_done} of {num_parts} done [{bar}] {grade.score:g} of {grade.max_score:g} points",
        *_wrapped(f"Next: {printable(step)}", PLAIN_WIDTH).splitlines(),
    ]
    if grading.report:
        lines.append(f"Report: {grading.report}")
    return lines


def _wrapped(text: str, width: int) -> str:
    """The text with its first line broken between words; below it stand lines of a file."""
    first, newline, others = text.partition("\n")
    lines = textwrap.wrap(first, width, break_long_words=False, break_on_hyphens=False)
    return "\n".join(lines) + newline + others


def failure_text(check: Check, grade: PartGrade) -> Any:  # noqa: ANN401 - pytest's type is private
    """The representation of a failed check for pytest."""
    return FailureText(check, grade)
