"""Face of the program: the output of a cell, which is replaced while there is something new."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from grader import messages
from grader.records import Part, Progress
from grader.report.fragments import Fragment, live_fragment

if TYPE_CHECKING:
    from IPython.display import DisplayHandle

# More often nobody can follow, and the notebook would be busy with drawing.
_SECONDS_BETWEEN = 0.25


class Output:
    """One place in the output of the cell that runs; it shows what it was given last."""

    def __init__(self) -> None:
        self._handle: DisplayHandle | None = None

    def say(self, text: str) -> None:
        """Show one line of text."""
        self._show({"text/plain": text})

    def show(self, fragment: Fragment) -> None:
        """Show a piece of the page."""
        self._show({"text/html": fragment.html, "text/plain": fragment.text})

    def _show(self, bundle: dict[str, str]) -> None:
        from IPython.display import display

        if self._handle is None:
            self._handle = display(bundle, raw=True, display_id=True)
        else:
            self._handle.update(bundle, raw=True)


class LiveCurve:
    """Shows a training in the output of the cell while it runs."""

    def __init__(self, output: Output, part: Part, threshold: float | None) -> None:
        self._output = output
        self._part = part
        self._threshold = threshold
        self._epochs: list[Progress] = []
        self._shown_at = 0.0
        self.has_started = False

    def started(self, threads: int) -> None:
        """Say how much is to come."""
        self.has_started = True
        budget = messages.budget_message(self._part, threads)
        self._show(messages.interruptible_message(budget))

    def progressed(self, progress: Progress) -> None:
        """Show the epochs so far, unless that was done a moment ago."""
        self._epochs = [e for e in self._epochs if e.epoch < progress.epoch]
        self._epochs.append(progress)
        is_last = progress.epoch == progress.epochs
        if is_last or time.monotonic() - self._shown_at >= _SECONDS_BETWEEN:
            self._show(messages.progress_message(self._part, progress))

    def stopped(self) -> None:
        """Leave the curve as it was when the training was interrupted."""
        self._show(messages.interrupted_message(self._part, len(self._epochs)))

    def _show(self, said: str) -> None:
        self._output.show(live_fragment(self._part, self._threshold, self._epochs, said))
        self._shown_at = time.monotonic()
