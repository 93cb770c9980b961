"""Telling: learning curves as lines in a coordinate system, ready for the page's SVG template."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from grader import messages
from grader.records import PartGrade, Training

WIDTH, HEIGHT = 380, 220
LEFT, RIGHT, TOP, BOTTOM = 36, 296, 18, 190  # the frame of the plot; labels stand around it
_LABEL_HEIGHT = 14
_NUM_TICKS = 4

_Better: TypeAlias = Callable[..., int]  # min or max, of epochs by their value


@dataclass(frozen=True)
class Line:
    """A curve as SVG path data; `kind` is its class in the style sheet, `label` its last words."""

    kind: str
    path: str
    label: str
    label_y: float
    dot: tuple[float, float] | None = None


@dataclass(frozen=True)
class Tick:
    """A value on an axis and where it stands."""

    place: float
    label: str


@dataclass(frozen=True)
class Best:
    """The epoch in which the validation was best: a place on its curve, and where to say so."""

    x: float
    y: float
    label: str
    is_left: bool  # whether the label stands left of the place, so that it stays in the frame


@dataclass(frozen=True)
class Chart:
    """One figure: its title, its content in words, its axes and lines."""

    title: str
    words: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    lines: tuple[Line, ...]
    best: Best | None = None


def charts(part_grade: PartGrade) -> tuple[Chart, ...]:
    """Accuracy and loss after each epoch, or the error; empty where no epoch was finished."""
    training = part_grade.training
    if training is None or not training.history.loss:
        return ()
    if part_grade.target.has_error:
        return (_error_chart(training, part_grade.threshold),)
    history = training.history
    accuracy = _Axes(len(history.accuracy), largest=1.0)
    levels = []
    if part_grade.threshold is not None:
        levels.append(accuracy.level("need", "needed", part_grade.threshold))
    if training.accuracy.test is not None:
        levels.append(accuracy.dot("test", training.accuracy.test))
    loss = _Axes(len(history.loss), largest=_largest(history.loss, history.val_loss))
    return (
        accuracy.chart("Accuracy", history.accuracy, history.val_accuracy, levels, max),
        loss.chart("Loss", history.loss, history.val_loss, [], min),
    )


def _error_chart(training: Training, threshold: float | None) -> Chart:
    history, test = training.history, training.loss.test
    ends = [value for value in (threshold, test) if value is not None]
    largest = _largest(history.loss, history.val_loss, ends)
    error = _Axes(len(history.loss), largest, told=messages.error_text)
    levels = [] if threshold is None else [error.level("need", "allowed", threshold)]
    if test is not None:
        levels.append(error.dot("test", test))
    return error.chart("Error", history.loss, history.val_loss, levels, min)


def _largest(*values: Sequence[float]) -> float:
    return max((v for several in values for v in several if math.isfinite(v)), default=1.0)


def _three_decimals(value: float) -> str:
    return f"{value:.3f}"


@dataclass(frozen=True)
class _Axes:
    """The coordinate system of one chart: epochs from 1 to the right, values from 0 up.

    `told` puts a value into a label.
    """

    num_epochs: int
    largest: float
    told: Callable[[float], str] = _three_decimals

    @property
    def values(self) -> list[float]:
        """The ticks of the vertical axis, from 0 to the first that reaches the largest value."""
        step = _round_step(self.largest / _NUM_TICKS)
        num_steps = max(1, math.ceil(round(self.largest / step, 6)))
        return [step * i for i in range(num_steps + 1)]

    def x(self, epoch: int) -> float:
        span = max(self.num_epochs - 1, 1)
        return round(LEFT + (RIGHT - LEFT) * (epoch - 1) / span, 1)

    def y(self, value: float) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * value / self.values[-1], 1)

    def level(self, kind: str, name: str, value: float) -> Line:
        height = self.y(value)
        return Line(kind, f"M{LEFT} {height}H{RIGHT}", f"{name} {self.told(value)}", height)

    def dot(self, name: str, value: float) -> Line:
        height = self.y(value)
        return Line(name, "", f"{name} {self.told(value)}", height, dot=(RIGHT, height))

    def curve(self, name: str, values: Sequence[float]) -> Line:
        path = "".join(self._steps(values))
        last = next((v for v in reversed(values) if math.isfinite(v)), 0.0)
        dot = (self.x(1), self.y(last)) if len(values) == 1 else None
        return Line(name, path, f"{name} {self.told(last)}", self.y(last), dot)

    def best(self, valid: Sequence[float], better: _Better) -> Best | None:
        """The first epoch with the best value, where there are several to choose from."""
        values = {epoch: v for epoch, v in enumerate(valid, start=1) if math.isfinite(v)}
        if len(values) < 2:  # noqa: PLR2004 - of one there is no best
            return None
        epoch = better(values, key=values.__getitem__)
        label = f"valid best in epoch {epoch}: {self.told(values[epoch])}"
        x = self.x(epoch)
        return Best(x, self.y(values[epoch]), label, is_left=x > (LEFT + RIGHT) / 2)

    def chart(
        self,
        title: str,
        train: Sequence[float],
        valid: Sequence[float],
        levels: Sequence[Line],
        better: _Better,
    ) -> Chart:
        named = (("train", train), ("valid", valid))
        curves = [self.curve(name, values) for name, values in named if values]
        best = self.best(valid, better)
        return Chart(
            title=title,
            words=self._in_words(title, named) + (f" {best.label.capitalize()}." if best else ""),
            x_ticks=tuple(Tick(self.x(epoch), str(epoch)) for epoch in _epochs(self.num_epochs)),
            y_ticks=tuple(Tick(self.y(v), f"{v:g}") for v in self.values),
            lines=_spread([*levels, *curves]),
            best=best,
        )

    def _steps(self, values: Sequence[float]) -> Iterator[str]:
        pen_is_down = False
        for epoch, value in enumerate(values, start=1):
            if math.isfinite(value):
                yield f"{'L' if pen_is_down else 'M'}{self.x(epoch)} {self.y(value)}"
            pen_is_down = math.isfinite(value)

    def _in_words(self, title: str, named: Sequence[tuple[str, Sequence[float]]]) -> str:
        ends = [f"{name} from {self.told(v[0])} to {self.told(v[-1])}" for name, v in named if v]
        epochs = messages.count(self.num_epochs, "epoch")
        return f"{title} over {epochs}: {', '.join(ends)}."


def _epochs(num_epochs: int) -> list[int]:
    step = max(1, math.ceil(num_epochs / _NUM_TICKS / 5) * 5) if num_epochs > _NUM_TICKS else 1
    inner = [epoch for epoch in range(step, num_epochs, step) if num_epochs - epoch >= step / 2]
    return sorted({1, *inner, num_epochs})


def _round_step(value: float) -> float:
    """The next of 1, 2, 2.5 and 5 times a power of ten; 1 for nothing."""
    if value <= 0:
        return 1.0
    unit = 10.0 ** math.floor(math.log10(value))
    return next((f * unit for f in (1, 2, 2.5, 5) if f * unit >= value), 10 * unit)


def _spread(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines with their labels moved apart where they would stand on each other."""
    placed: list[Line] = []
    floor = float(TOP)
    for line in sorted(lines, key=lambda line: line.label_y):
        floor = max(floor, line.label_y)
        placed.append(replace(line, label_y=floor))
        floor += _LABEL_HEIGHT
    ceiling = float(BOTTOM)
    for index in reversed(range(len(placed))):
        ceiling = min(ceiling, placed[index].label_y)
        placed[index] = replace(placed[index], label_y=round(ceiling, 1))
        ceiling -= _LABEL_HEIGHT
    return tuple(placed)
