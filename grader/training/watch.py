"""Training, step 4: watch a running fit: epochs, progress, time limit, finite loss."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping

import keras

from grader.records import History, Progress
from grader.training.measure import ACCURACY, ERROR

ProgressCall = Callable[[Progress], None]


class TimeLimitReached(Exception):  # noqa: N818 - it ends a training in order, it is no error
    """The CPU time of a training is used up; raised after a batch."""


class NotFiniteLoss(Exception):  # noqa: N818 - as TimeLimitReached
    """The loss became NaN or infinite in `epoch` (counted from 1); `loss` is what it became."""

    def __init__(self, loss: float, epoch: int) -> None:
        super().__init__(loss, epoch)
        self.loss = loss
        self.epoch = epoch


class Watch(keras.callbacks.Callback):  # type: ignore[misc]  # keras ships no types
    """Keeps the history of a fit and ends it by an exception when it may not go on.

    `cpu_limit` seconds of computing may pass after `cpu_start`, a value of `time.process_time()`.
    After each epoch `on_progress` is called.
    """

    def __init__(
        self, epochs: int, cpu_start: float, cpu_limit: float, on_progress: ProgressCall | None
    ) -> None:
        super().__init__()
        self.cpu_limit = cpu_limit
        self._epochs = epochs
        self._cpu_deadline = cpu_start + cpu_limit
        self._on_progress = on_progress
        self._rows: list[Mapping[str, float]] = []
        self._fit_started = 0.0
        self._first_epoch_ended = 0.0

    def history(self) -> History:
        """Figures of the epochs finished; the loss is the error where that is measured."""
        return History(
            loss=tuple(_loss(row) for row in self._rows),
            accuracy=self._figures(ACCURACY),
            val_loss=tuple(_loss(row, "val_") for row in self._rows),
            val_accuracy=self._figures(f"val_{ACCURACY}"),
        )

    def _figures(self, name: str) -> tuple[float, ...]:
        return tuple(row[name] for row in self._rows if name in row)

    def on_train_begin(self, logs: Mapping[str, float] | None = None) -> None:  # noqa: ARG002
        """Start the clock for the time left."""
        self._fit_started = time.monotonic()

    def on_train_batch_end(self, batch: int, logs: Mapping[str, float] | None = None) -> None:  # noqa: ARG002
        """End the fit where time is up or the loss (the epoch's running mean) is not finite."""
        self._require_finite((logs or {})["loss"])
        self._require_time()

    def on_test_batch_end(self, batch: int, logs: Mapping[str, float] | None = None) -> None:  # noqa: ARG002
        """End the fit where time is up during validation."""
        self._require_time()

    def on_epoch_end(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:  # noqa: ARG002
        """Keep the epoch's figures and report them."""
        figures = dict(logs or {})
        self._require_finite(figures["val_loss"])
        self._rows.append(figures)
        if len(self._rows) == 1:
            self._first_epoch_ended = time.monotonic()
        if self._on_progress is not None:
            self._on_progress(self._progress(figures))

    def _require_finite(self, loss: float) -> None:
        if not math.isfinite(loss):
            raise NotFiniteLoss(loss, len(self._rows) + 1)

    def _require_time(self) -> None:
        if time.process_time() >= self._cpu_deadline:
            raise TimeLimitReached

    def _progress(self, figures: Mapping[str, float]) -> Progress:
        done = len(self._rows)
        return Progress(
            epoch=done,
            epochs=self._epochs,
            loss=_loss(figures),
            accuracy=figures.get(ACCURACY),
            val_accuracy=figures.get(f"val_{ACCURACY}"),
            seconds_left=self._seconds_per_epoch(done) * (self._epochs - done),
        )

    def _seconds_per_epoch(self, done: int) -> float:
        # The first epoch also builds the graph; later ones tell better how long the rest takes.
        if done == 1:
            return self._first_epoch_ended - self._fit_started
        return (time.monotonic() - self._first_epoch_ended) / (done - 1)


def _loss(figures: Mapping[str, float], split: str = "") -> float:
    """The error of an epoch, which can be compared with the sheet's; else the loss trained with."""
    return figures.get(f"{split}{ERROR}", figures[f"{split}loss"])
