"""Calibrate, step 3: from accuracies, or errors, over seeds to a threshold; pure.

What is computed here, and why, stands in docs/calibration.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import mean, stdev, variance

from grader.calibration.quantile import t_quantile

PROBABILITY = 0.9999
# Fewer seeds than that say too little about a standard deviation.
MIN_SEEDS = 10
# With ten seeds of its own against twenty degrees of freedom, chance alone rarely gives more.
_MUCH_LARGER = 1.5
_MUCH_LARGER_OF_FEW = 2.0
_ERROR_DIGITS = 4
# Below what float32 can tell from no error at all.
_LEAST_ERROR = 1e-12
_LARGEST_LOGARITHM = 700.0


@dataclass(frozen=True)
class Sample:
    """Test accuracies (or errors) of one variant of a network, each from a seed of its own."""

    title: str
    accuracies: tuple[float, ...]


@dataclass(frozen=True)
class Bound:
    """What one more training of this variant will not fall below, and what that comes from.

    An error will not rise above it; `sd` and `spread` are then of its logarithm, which is to say
    relative.
    `sd` is the variant's own, None of a single seed; `spread` with its `degrees` of freedom is the
    one that the bound uses.
    """

    title: str
    num_seeds: int
    mean: float
    sd: float | None
    spread: float
    degrees: int
    bound: float

    def is_uncertain(self) -> bool:
        """Whether the variant seems to vary more than the others, on too few seeds to tell."""
        few = self.num_seeds < MIN_SEEDS
        return few and self.sd is not None and self.sd > _MUCH_LARGER_OF_FEW * self.spread


@dataclass(frozen=True)
class Threshold:
    """The lowest bound of accuracies, rounded down to a whole number of test images.

    Or the highest of errors, rounded up to four digits.
    """

    value: float
    bounds: tuple[Bound, ...]
    deciding: Bound


def threshold_for(samples: Sequence[Sample], num_test_images: int) -> Threshold:
    """The accuracy that a new training of any of these variants practically always reaches.

    At least one variant needs two seeds.
    """
    # Accuracies are counts of images: they cannot show that they vary by less than one.
    bounds = _bounds(samples, least_spread=1 / num_test_images)
    lowest = min(bounds, key=lambda bound: bound.bound)
    # Not a hair below a step only because binary fractions are not exact.
    num_images = math.floor(lowest.bound * num_test_images + 1e-9)
    return Threshold(max(num_images, 0) / num_test_images, bounds, lowest)


def allowed_error_for(samples: Sequence[Sample]) -> Threshold:
    """The error that a new training of any of these variants practically never exceeds.

    At least one variant needs two seeds.
    """
    # Errors are never negative, and vary by factors, upwards more than downwards: their logarithms
    # are what may be normally distributed. What these stay below their negatives stay above.
    turned = [
        Sample(s.title, tuple(-math.log(_positive(e)) for e in s.accuracies)) for s in samples
    ]
    bounds = tuple(
        replace(bound, mean=mean(sample.accuracies), bound=_exp(-bound.bound))
        for sample, bound in zip(samples, _bounds(turned, least_spread=0.0), strict=True)
    )
    highest = max(bounds, key=lambda bound: bound.bound)
    return Threshold(_rounded_up(highest.bound), bounds, highest)


def _positive(error: float) -> float:
    return max(error, _LEAST_ERROR)


def _exp(logarithm: float) -> float:
    # Of two seeds next to nothing follows, and the bound may be beyond all floats.
    return math.exp(min(logarithm, _LARGEST_LOGARITHM))


def _rounded_up(error: float) -> float:
    unit = 10.0 ** (math.floor(math.log10(error)) - _ERROR_DIGITS + 1)
    # Not a hair above a step only because binary fractions are not exact.
    return float(f"{math.ceil(error / unit - 1e-9) * unit:.{_ERROR_DIGITS}g}")


def _bounds(samples: Sequence[Sample], least_spread: float) -> tuple[Bound, ...]:
    """Those of all variants; their spread is pooled, and taken to be so much at least."""
    degrees = sum(len(sample.accuracies) - 1 for sample in samples)
    squares = sum(
        variance(sample.accuracies) * (len(sample.accuracies) - 1)
        for sample in samples
        if len(sample.accuracies) > 1
    )
    pooled = max(math.sqrt(squares / degrees), least_spread)
    return tuple(_bound(sample, pooled, degrees) for sample in samples)


def _bound(sample: Sample, pooled: float, pooled_degrees: int) -> Bound:
    num_seeds = len(sample.accuracies)
    own = stdev(sample.accuracies) if num_seeds > 1 else None
    spread, degrees = pooled, pooled_degrees
    if num_seeds >= MIN_SEEDS and own is not None and own > _MUCH_LARGER * pooled:
        spread, degrees = own, num_seeds - 1
    center = mean(sample.accuracies)
    margin = t_quantile(PROBABILITY, degrees) * spread * math.sqrt(1 + 1 / num_seeds)
    return Bound(sample.title, num_seeds, center, own, spread, degrees, center - margin)
