"""Calibrate, step 3: from accuracies over seeds to a threshold; pure.

What is computed here, and why, stands in docs/calibration.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean, stdev, variance

from grader.calibration.quantile import t_quantile

PROBABILITY = 0.9999
# Fewer seeds than that say too little about a standard deviation.
MIN_SEEDS = 10
# With ten seeds of its own against twenty degrees of freedom, chance alone rarely gives more.
_MUCH_LARGER = 1.5
_MUCH_LARGER_OF_FEW = 2.0


@dataclass(frozen=True)
class Sample:
    """Test accuracies of one variant of a network, each from a seed of its own."""

    title: str
    accuracies: tuple[float, ...]


@dataclass(frozen=True)
class Bound:
    """What one more training of this variant will not fall below, and what that comes from.

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
    """The lowest bound, rounded down to a whole number of test images."""

    value: float
    bounds: tuple[Bound, ...]

    @property
    def lowest(self) -> Bound:
        """The bound that it comes from."""
        return min(self.bounds, key=lambda bound: bound.bound)


def threshold_for(samples: Sequence[Sample], num_test_images: int) -> Threshold:
    """The threshold that a new training of any of these variants practically always reaches.

    At least one variant needs two seeds.
    """
    degrees = sum(len(sample.accuracies) - 1 for sample in samples)
    squares = sum(
        variance(sample.accuracies) * (len(sample.accuracies) - 1)
        for sample in samples
        if len(sample.accuracies) > 1
    )
    # Accuracies are counts of images: they cannot show that they vary by less than one.
    pooled = max(math.sqrt(squares / degrees), 1 / num_test_images)
    bounds = tuple(_bound(sample, pooled, degrees) for sample in samples)
    lowest = min(bound.bound for bound in bounds)
    # Not a hair below a step only because binary fractions are not exact.
    num_images = math.floor(lowest * num_test_images + 1e-9)
    return Threshold(max(num_images, 0) / num_test_images, bounds)


def _bound(sample: Sample, pooled: float, pooled_degrees: int) -> Bound:
    num_seeds = len(sample.accuracies)
    own = stdev(sample.accuracies) if num_seeds > 1 else None
    spread, degrees = pooled, pooled_degrees
    if num_seeds >= MIN_SEEDS and own is not None and own > _MUCH_LARGER * pooled:
        spread, degrees = own, num_seeds - 1
    center = mean(sample.accuracies)
    margin = t_quantile(PROBABILITY, degrees) * spread * math.sqrt(1 + 1 / num_seeds)
    return Bound(sample.title, num_seeds, center, own, spread, degrees, center - margin)
