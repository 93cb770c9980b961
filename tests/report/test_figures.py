"""Learning curves are placed where their values are."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from grader.records import History, Outcome, PartGrade, Splits, Target, Training
from grader.report import figures


def trained(
    history: History, test: float | None = None, threshold: float | None = None
) -> PartGrade:
    """A part whose training went this way."""
    training = Training(
        key="k",
        outcome=Outcome.PASSED,
        accuracy=Splits(None, None, test),
        loss=Splits(None, None, None),
        epochs=len(history.loss),
        seconds=1.0,
        cpu_seconds=1.0,
        seed=1,
        threads=1,
        history=history,
    )
    return PartGrade("fc_a", Outcome.PASSED, 0.0, 4.0, (), training=training, threshold=threshold)


def test_curves_run_from_the_left_edge_to_the_right() -> None:
    """Three epochs with accuracy 0, 0.5 and 1 are a diagonal over the whole frame."""
    history = History(loss=(4.0, 2.0, 0.0), accuracy=(0.0, 0.5, 1.0))

    accuracy, loss = figures.charts(trained(history))

    left, right, top, bottom = figures.LEFT, figures.RIGHT, figures.TOP, figures.BOTTOM
    middle, half = (left + right) / 2, (top + bottom) / 2
    rising = f"M{left:.1f} {bottom:.1f}L{middle:.1f} {half:.1f}L{right:.1f} {top:.1f}"
    falling = f"M{left:.1f} {top:.1f}L{middle:.1f} {half:.1f}L{right:.1f} {bottom:.1f}"
    assert [rising, falling] == [accuracy.lines[0].path, loss.lines[0].path]


def test_threshold_and_test_accuracy_are_drawn_with_their_values() -> None:
    """The accuracy chart has the threshold as a line and the test accuracy as a dot."""
    history = History((1.0, 0.5), (0.2, 0.9), (1.0, 0.8), (0.2, 0.6))

    accuracy, loss = figures.charts(trained(history, test=0.703, threshold=0.62))

    labels = [[line.label for line in chart.lines] for chart in (accuracy, loss)]
    expected = [
        ["train 0.900", "test 0.703", "needed 0.620", "valid 0.600"],
        ["valid 0.800", "train 0.500"],
    ]
    assert expected == labels


def test_an_error_has_one_chart_with_what_is_allowed() -> None:
    """Where numbers are told, the curve is of the error, with four digits however small it is."""
    part = trained(History((0.4, 0.0123456), (), (0.5, 0.02)), threshold=0.04)
    assert part.training is not None
    measured = replace(part.training, loss=Splits(0.01, 0.02, 0.0198765))

    (chart,) = figures.charts(replace(part, training=measured, target=Target.NUMBERS))

    labels = [line.label for line in chart.lines]
    assert ["allowed 0.04", "test 0.01988", "valid 0.02", "train 0.01235"] == labels
    assert "Error over 2 epochs: train from 0.4 to 0.01235" in chart.words
    assert chart.best is not None
    assert "valid best in epoch 2: 0.02" == chart.best.label


def test_the_epoch_with_the_best_validation_is_marked() -> None:
    """The highest accuracy and the lowest loss, each where it was reached first."""
    history = History((1.0, 0.5, 0.2), (0.2, 0.9, 1.0), (1.0, 0.8, 0.9), (0.6, 0.5, 0.6))

    accuracy, loss = figures.charts(trained(history))

    assert accuracy.best is not None
    assert loss.best is not None
    expected = ["valid best in epoch 1: 0.600", "valid best in epoch 2: 0.800"]
    assert expected == [accuracy.best.label, loss.best.label]
    assert accuracy.best.x == figures.LEFT
    assert loss.words.endswith("Valid best in epoch 2: 0.800.")


def test_labels_keep_apart() -> None:
    """Four equal values give four labels that do not stand on each other, inside the frame."""
    history = History((1.0,), (1.0,), (1.0,), (1.0,))

    accuracy, _ = figures.charts(trained(history, test=1.0, threshold=1.0))

    expected = [figures.TOP, figures.TOP + 14, figures.TOP + 28, figures.TOP + 42]
    assert expected == [line.label_y for line in accuracy.lines]


def test_one_epoch_is_a_dot() -> None:
    """A single epoch has no line to draw, so it gets a dot."""
    accuracy, _ = figures.charts(trained(History((1.0,), (0.25,))))

    expected = "Accuracy over 1 epoch: train from 0.250 to 0.250."
    assert expected == accuracy.words
    assert accuracy.lines[0].dot is not None


def test_a_loss_that_is_not_finite_is_a_gap() -> None:
    """A training that ran away is drawn as far as there are numbers, and the page is made."""
    _, loss = figures.charts(trained(History((1.0, math.nan, math.inf, 0.5), (0.1,) * 4)))

    assert loss.lines[0].path.count("M") == 2
    assert "nan" not in loss.lines[0].path


@pytest.mark.parametrize(
    ("largest", "expected"),
    [
        (2.14, ["0", "1", "2", "3"]),
        (1.9, ["0", "0.5", "1", "1.5", "2"]),
        (0.0, ["0", "1"]),
        (37.0, ["0", "10", "20", "30", "40"]),
    ],
)
def test_the_loss_axis_has_round_ticks(largest: float, expected: list[str]) -> None:
    """Ticks are round numbers, and the last reaches the largest loss."""
    _, loss = figures.charts(trained(History((largest, 0.0), (0.1, 0.2))))

    assert expected == [tick.label for tick in loss.y_ticks]


def test_no_epoch_no_figure() -> None:
    """Without a finished epoch there is nothing to draw."""
    empty = trained(History())

    assert not figures.charts(empty)
    assert not figures.charts(replace(empty, training=None))
