"""Bounds and thresholds: the statistics behind what a grade asks for."""

from __future__ import annotations

import math
from statistics import mean, stdev

import numpy as np
import pytest

from grader.calibration.bounds import Sample, allowed_error_for, threshold_for
from grader.calibration.quantile import t_quantile

TEN = Sample("reference", tuple(0.5 + i / 100 for i in range(10)))
THREE = Sample("elu for relu", (0.5, 0.52, 0.54))


@pytest.mark.parametrize(
    ("probability", "degrees", "expected"),
    [
        (0.95, 1, 6.3138),
        (0.95, 2, 2.9200),
        (0.99, 5, 3.3649),
        (0.999, 8, 4.5008),
        (0.9999, 9, 6.0101),
        (0.9999, 10, 5.6938),
        (0.9999, 30, 4.2340),
        (0.5, 7, 0.0),
    ],
)
def test_quantiles_are_those_of_published_tables(
    probability: float, degrees: int, expected: float
) -> None:
    """The t quantile has the four decimals that tables print, for odd and even degrees."""
    assert round(t_quantile(probability, degrees), 4) == expected


def test_quantile_comes_near_to_the_normal_one() -> None:
    """With very many degrees of freedom it is the quantile of the normal distribution."""
    assert t_quantile(0.9999, 10_000) == pytest.approx(3.719, abs=0.002)


def test_bound_of_a_single_variant_is_the_prediction_bound() -> None:
    """Mean - t * sd * sqrt(1 + 1/n), with n - 1 degrees of freedom."""
    (bound,) = threshold_for([TEN], 1000).bounds
    expected = mean(TEN.accuracies) - 6.0101 * stdev(TEN.accuracies) * math.sqrt(1.1)

    assert (10, 9) == (bound.num_seeds, bound.degrees)
    assert expected == pytest.approx(bound.bound, abs=1e-4)


def test_variants_share_their_spread() -> None:
    """The squares of all variants are pooled, so that three seeds of a variant are enough."""
    own, other = threshold_for([TEN, THREE], 1000).bounds
    pooled = math.sqrt((9 * stdev(TEN.accuracies) ** 2 + 2 * 0.02**2) / 11)
    expected = 0.52 - t_quantile(0.9999, 11) * pooled * math.sqrt(1 + 1 / 3)

    assert (11, 11) == (own.degrees, other.degrees)
    assert expected == pytest.approx(other.bound)
    assert pooled == pytest.approx(own.spread)


def test_threshold_is_the_lowest_bound_in_whole_images() -> None:
    """Of several variants the lowest bound counts, rounded down to a whole number of images."""
    low = Sample("dropout 0.5", (0.4, 0.42, 0.44))
    threshold = threshold_for([TEN, low, THREE], 400)
    images = threshold.value * 400

    assert "dropout 0.5" == threshold.deciding.title
    assert images == round(images)
    assert 0 <= threshold.deciding.bound - threshold.value < 1 / 400


def test_threshold_is_never_below_zero() -> None:
    """Accuracies that vary as much as they can give a threshold that asks for nothing."""
    assert threshold_for([Sample("reference", (0.1, 0.9))], 400).value == 0.0


def test_equal_accuracies_still_leave_room_for_one_image() -> None:
    """Where all seeds agree, the spread is taken to be one image and not none."""
    threshold = threshold_for([Sample("reference", (1.0,) * 10)], 400)

    assert 1 / 400 == threshold.deciding.spread
    assert math.floor(400 - t_quantile(0.9999, 9) * math.sqrt(1.1)) / 400 == threshold.value


def test_a_variant_that_varies_much_more_has_its_own_spread() -> None:
    """With ten seeds of its own, a variant that varies far more is not made to look like others."""
    steady = Sample("reference", tuple(0.7 + i / 1000 for i in range(20)))
    wild = Sample("dropout 0.5", tuple(0.7 + i / 20 for i in range(10)))
    first, second = threshold_for([steady, wild], 400).bounds

    assert (28, 9) == (first.degrees, second.degrees)
    assert stdev(wild.accuracies) == pytest.approx(second.spread)


def test_a_variant_of_few_seeds_that_varies_much_more_is_told() -> None:
    """On three seeds such a variant keeps the pooled spread, and is named as uncertain."""
    steady = Sample("reference", tuple(0.7 + i / 1000 for i in range(20)))
    wild = Sample("dropout 0.5", (0.6, 0.7, 0.8))
    first, second = threshold_for([steady, wild], 400).bounds

    assert (False, True) == (first.is_uncertain(), second.is_uncertain())
    assert first.spread == second.spread


def test_a_fresh_training_falls_below_its_bound_once_in_ten_thousand() -> None:
    """Over many calibrations the bound of three seeds among others keeps what it promises."""
    rng = np.random.default_rng(8)
    num_below = 0
    for _ in range(1000):
        reference = Sample("reference", tuple(rng.normal(0.6, 0.02, 10)))
        choice = Sample("elu for relu", tuple(rng.normal(0.5, 0.02, 3)))
        bound = threshold_for([reference, choice], 10**6).bounds[1].bound
        num_below += int((rng.normal(0.5, 0.02, 200) < bound).sum())

    # Of 200,000 fresh trainings 20 are expected. They come in clusters, one calibration each.
    assert 2 <= num_below <= 60


def test_errors_are_bounded_above() -> None:
    """The bound is on logarithms: with a factor above the mean, of the variant with the highest."""
    errors = Sample("reference", tuple(0.01 * 1.02**i for i in range(10)))
    worse = Sample("default initializers", (0.02, 0.021, 0.022))
    threshold = allowed_error_for([errors, worse])
    logs = [[math.log(e) for e in sample.accuracies] for sample in (errors, worse)]
    pooled = math.sqrt((9 * stdev(logs[0]) ** 2 + 2 * stdev(logs[1]) ** 2) / 11)
    margin = t_quantile(0.9999, 11) * pooled
    expected = math.exp(mean(logs[1]) + margin * math.sqrt(1 + 1 / 3))

    assert "default initializers" == threshold.deciding.title
    assert expected == pytest.approx(threshold.deciding.bound)
    assert mean(worse.accuracies) == pytest.approx(threshold.deciding.mean)
    assert max(worse.accuracies) < threshold.deciding.bound <= threshold.value
    assert threshold.value == pytest.approx(expected, rel=1e-3)


def test_allowed_errors_are_rounded_up_to_four_digits() -> None:
    """Whatever their size, and never to less than the bound."""
    for size in (1e-6, 0.3, 1.0, 4321.0):
        threshold = allowed_error_for([Sample("reference", (size, size))])

        assert threshold.value == pytest.approx(size)
        assert float(f"{threshold.value:.4g}") == threshold.value


def test_two_errors_far_apart_still_have_a_bound() -> None:
    """A preliminary one, which tells nothing, and no error."""
    threshold = allowed_error_for([Sample("reference", (0.01, 0.1))])

    assert math.isfinite(threshold.value)
    assert threshold.value > 1e100


def test_fresh_errors_stay_below_the_allowed_one() -> None:
    """Of many fresh trainings, whose errors vary by a fifth, none exceeds it."""
    rng = np.random.default_rng(1)
    errors = np.exp(rng.normal(-4, 0.2, 10))
    threshold = allowed_error_for([Sample("reference", tuple(errors))])

    assert (np.exp(rng.normal(-4, 0.2, 1000)) <= threshold.value).all()
