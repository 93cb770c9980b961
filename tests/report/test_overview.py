"""A class is counted: its points, its parts, its hints, and its equal networks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from grader.records import Grade, Hint, Outcome, Rule, Run, Target
from grader.report import overview
from grader.report.needs import Need, needs_of


def named(grade: Grade, name: str) -> Grade:
    """The same grade for another student."""
    return replace(grade, submission=name)


def test_the_tiles_count_students_and_networks(whole_run: Run) -> None:
    """One of four is done, one has not begun; equal trainings count once."""
    totals = overview.totals(whole_run)

    assert (totals.num_submissions, totals.num_done, totals.num_idle) == (4, 1, 1)
    assert (totals.num_trainings, totals.num_results) == (1, 8)
    assert totals.seconds == 95.2


def test_everyone_stands_in_one_bar(whole_run: Run, as_run: Callable[..., Run]) -> None:
    """Points from none to all: the first bar and the last are those of the extremes."""
    bars = overview.distribution(whole_run)

    assert sum(bar.count for bar in bars) == len(whole_run.grades)
    assert (bars[0].count, bars[-1].count) == (1, 1)
    assert (bars[0].low, bars[-1].high) == (0, 20)
    assert overview.distribution(as_run()) == ()


@pytest.mark.parametrize(
    ("top", "lows"),
    [(20.0, range(0, 20, 2)), (12.5, range(0, 14, 2)), (5.0, [0.5 * n for n in range(10)])],
)
def test_bars_begin_at_round_numbers(
    perfect: Grade, as_run: Callable[..., Run], top: float, lows: Sequence[float]
) -> None:
    """At most a dozen of them, and the last one ends with all points."""
    bars = overview.distribution(as_run(replace(perfect, score=top, max_score=top)))

    assert list(lows) == [bar.low for bar in bars]
    assert (top, 1) == (bars[-1].high, bars[-1].count)


def test_errors_are_no_spots_between_0_and_1(perfect: Grade, as_run: Callable[..., Run]) -> None:
    """Their median is told, and nothing is drawn on the line of accuracies."""
    numbers = replace(perfect.parts[0], target=Target.NUMBERS, threshold=2.5)
    training = numbers.training
    assert training is not None
    (view,) = overview.parts_of(as_run(replace(perfect, parts=(numbers,))))

    assert ((), training.loss.test, 2.5) == (view.spots, view.median, view.threshold)


def test_outcomes_of_a_part_fill_a_bar(whole_run: Run) -> None:
    """Passed first, not attempted last; the shares add up."""
    part = next(view for view in overview.parts_of(whole_run) if view.part == "cnn_a")

    shares = [(share.outcome, share.start, share.width) for share in part.shares]
    expected = [
        (Outcome.PASSED, 0.0, 25.0),
        (Outcome.FAILED, 25.0, 50.0),
        (Outcome.NOT_ATTEMPTED, 75.0, 25.0),
    ]
    assert expected == shares
    assert (part.passed, part.threshold, part.median) == (0.25, 0.62, 0.703)


def test_a_hint_counts_a_student_once(
    padding_forgotten: Grade, slow_one: Grade, as_run: Callable[..., Run]
) -> None:
    """The most frequent cause stands first, with how often it is in each part and for whom."""
    first, second = overview.hints_of(as_run(padding_forgotten, slow_one))

    assert (first.rule, first.by_part) == (Rule.PADDING, (("cnn_a", 2),))
    assert first.who == (padding_forgotten, slow_one)
    assert first.example.startswith("Your first convolution gives 46 x 46")
    assert (second.rule, second.who) == (Rule.TIME_LIMIT, (slow_one,))


def test_networks_are_equal_by_training_or_by_rows(
    perfect: Grade, padding_forgotten: Grade, slow_one: Grade, as_run: Callable[..., Run]
) -> None:
    """Who shares a training has one network; without a training equal rows tell it."""
    training = perfect.parts[0].training
    assert training is not None
    other = replace(perfect.parts[2], training=replace(training, key="another"))
    alone = replace(perfect, submission="alone", parts=(*perfect.parts[:2], other))

    found = overview.groups_of(as_run(perfect, alone, padding_forgotten, slow_one))

    sizes = {view.part: [len(group.who) for group in view.groups] for view in found}
    assert {"fc_a": [4], "fc_b": [3], "cnn_a": [2]} == sizes
    cnn_a = found[-1]
    assert cnn_a.groups[0].who == (padding_forgotten, slow_one)
    assert (cnn_a.num_more, cnn_a.num_in_more) == (2, 2)


def test_everyone_stands_in_one_list_of_those_who_may_be_glad_of_help(
    perfect: Grade, padding_forgotten: Grade, stubs_only: Grade
) -> None:
    """Who is done, or has a hint to go on with, is in none of them."""
    first, *others = padding_forgotten.parts
    stuck = replace(padding_forgotten, parts=tuple(p for p in padding_forgotten.parts[2:]))
    begun = replace(padding_forgotten, parts=(first, *stubs_only.parts[1:]))
    no_cause = replace(padding_forgotten, parts=(first, replace(others[1], hints=())))

    found = needs_of([perfect, padding_forgotten, stubs_only, begun, no_cause, stuck])

    expected = [
        (Need.NOTHING_PASSED, (stuck,)),
        (Need.NO_HINT, (no_cause,)),
        (Need.STOPPED, (begun,)),
        (Need.NOT_STARTED, (stubs_only,)),
    ]
    assert expected == [(view.need, view.who) for view in found]


def test_where_a_hint_needs_its_check_the_check_is_the_example(
    padding_forgotten: Grade, as_run: Callable[..., Run]
) -> None:
    """An instructor reads what happened, not only what to do about it."""
    part = padding_forgotten.parts[2]
    message = "cnn_a.py, line 3: NameError: name 'x' is not defined\nx"
    check = replace(part.checks[0], outcome=Outcome.ERROR, message=message)
    hint = Hint(Rule.EXCEPTION, None, "Define it before line 3.")
    broken = replace(part, outcome=Outcome.ERROR, checks=(check,), hints=(hint,))

    (view,) = overview.hints_of(as_run(replace(padding_forgotten, parts=(broken,))))

    assert view.example == "cnn_a.py, line 3: NameError: name 'x' is not defined"
