"""The time left follows from the work done so far, and from what runs side by side."""

from __future__ import annotations

import pytest

from grader.batch.estimate import Estimate


@pytest.fixture
def estimate() -> Estimate:
    """Four tasks, one of them three times as much work as each of the others."""
    estimate = Estimate()
    for key, effort in (("a", 1.0), ("b", 1.0), ("c", 1.0), ("long", 3.0)):
        estimate.plan(key, effort)
    return estimate


def did(estimate: Estimate, key: str, begin: float, end: float) -> None:
    """A task was done from here to there."""
    estimate.start(key, begin)
    estimate.stop(key, end)
    estimate.finish(key)


def test_nothing_is_known_before_anything_is_done(estimate: Estimate) -> None:
    """Without a rate there is no time left to tell; with nothing to do it is none."""
    estimate.start("a", 0.0)

    assert estimate.seconds_left(5.0) is None
    assert 0.0 == Estimate().seconds_left(5.0)
    assert (4, 0, False) == (estimate.num_planned, estimate.num_done, estimate.is_done)


def test_one_after_the_other(estimate: Estimate) -> None:
    """A fifth of the rest took ten seconds, so that the rest takes fifty."""
    did(estimate, "a", 0.0, 10.0)

    assert 50.0 == estimate.seconds_left(10.0)
    assert 1 / 6 == estimate.share


def test_two_side_by_side(estimate: Estimate) -> None:
    """Two in ten seconds leave four units; but the longest is done by one alone."""
    estimate.start("a", 0.0)
    estimate.start("b", 0.0)
    for key in ("a", "b"):
        estimate.stop(key, 10.0)
        estimate.finish(key)

    # Side by side 4 x 5 s; the long one takes 3 x 10 s.
    assert 30.0 == estimate.seconds_left(10.0)


def test_what_is_under_way_counts_by_its_share(estimate: Estimate) -> None:
    """Half of a task of three units took fifteen seconds: ten for each unit."""
    estimate.start("long", 0.0)
    estimate.hear("long", 0.5, 15.0)

    assert 45.0 == estimate.seconds_left(15.0)
    assert 0.25 == estimate.share


def test_task_that_comes_again_costs_time_and_stays_to_be_done(estimate: Estimate) -> None:
    """An attempt that came to nothing makes the rate slower, as it has been."""
    did(estimate, "a", 0.0, 10.0)
    estimate.start("b", 10.0)
    estimate.stop("b", 20.0)

    assert 100.0 == estimate.seconds_left(20.0)
    assert 1 == estimate.num_done


def test_idle_time_does_not_count(estimate: Estimate) -> None:
    """What passes while none of them is under way says nothing of their rate."""
    did(estimate, "a", 0.0, 10.0)

    assert 50.0 == estimate.seconds_left(1000.0)


def test_late_news(estimate: Estimate) -> None:
    """What is heard of a task after its end is nothing new."""
    did(estimate, "a", 0.0, 10.0)
    estimate.hear("a", 0.5, 11.0)

    assert 1 / 6 == estimate.share
