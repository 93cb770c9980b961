"""Calibrate, step 4: what the trainings of a part say, and what of it is kept; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean, stdev

import numpy as np

from data import DataSet
from grader.calibration.bounds import (
    MIN_SEEDS,
    Bound,
    Sample,
    Threshold,
    allowed_error_for,
    threshold_for,
)
from grader.calibration.ledger import Measurement
from grader.calibration.plan import Plan
from grader.errors import GraderError
from grader.records import Calibration, Part, Target

_KEPT_VERSIONS = ("python", "keras", "tensorflow")
_DECIMALS = 4


@dataclass(frozen=True)
class Slip:
    """What should not pass, and its test accuracy or error; None where no finite loss was left."""

    title: str
    measured: float | None


@dataclass(frozen=True)
class Result:
    """What was measured for one part on one data set."""

    part: Part
    reference: tuple[Measurement, ...]
    threshold: Threshold
    slips: tuple[Slip, ...]
    num_test_images: int

    @property
    def is_preliminary(self) -> bool:
        """Whether there were too few seeds for a threshold to be kept."""
        return len(self.reference) < MIN_SEEDS

    @property
    def undetected(self) -> tuple[Slip, ...]:
        """The slips that reach the threshold."""
        target, threshold = self.part.target, self.threshold.value
        return tuple(
            slip
            for slip in self.slips
            if slip.measured is not None and target.is_reached(slip.measured, threshold)
        )

    @property
    def uncertain(self) -> tuple[Bound, ...]:
        """The choices that may vary more than their few seeds can tell."""
        return tuple(bound for bound in self.threshold.bounds if bound.is_uncertain())


def judged(plan: Plan, measured: Mapping[str, Sequence[Measurement]], data: DataSet) -> Result:
    """The result of a plan whose measurements, by the variant's title, are all there."""
    samples = [
        Sample(variant.title, tuple(_test(one) for one in measured[variant.title]))
        for variant in (plan.reference, *plan.choices)
    ]
    slips = [Slip(slip.title, measured[slip.title][0].measured.test) for slip in plan.slips]
    slips.insert(1, _without_looking(plan.part, data))
    has_error, num_test_images = plan.part.target.has_error, len(data.y_test)
    return Result(
        part=plan.part,
        reference=tuple(measured[plan.reference.title]),
        threshold=(
            allowed_error_for(samples) if has_error else threshold_for(samples, num_test_images)
        ),
        slips=tuple(slips),
        num_test_images=num_test_images,
    )


def calibration(result: Result, data: DataSet, versions: Mapping[str, str]) -> Calibration:
    """What is kept of a result, for grades."""
    figures = [_test(one) for one in result.reference]
    return Calibration(
        threshold=result.threshold.value,
        mean=_rounded(result, mean(figures)),
        sd=_rounded(result, stdev(figures)),
        num_seeds=len(figures),
        data=data.name,
        data_sha256=data.sha256,
        versions={name: versions[name] for name in _KEPT_VERSIONS},
    )


def _rounded(result: Result, figure: float) -> float:
    """An accuracy to its fourth decimal, an error to its fourth digit that counts."""
    if result.part.target.has_error:
        return float(f"{figure:.{_DECIMALS}g}")
    return round(figure, _DECIMALS)


def _test(measurement: Measurement) -> float:
    test = measurement.measured.test
    if test is None:
        raise GraderError("A training that passed has no test figure. Please report this.")
    return test


def _without_looking(part: Part, data: DataSet) -> Slip:
    """What is reached by always saying the same: the commonest class of the training examples.

    Of numbers what is best for the loss: their mean, or their median.
    """
    if not part.target.has_error:
        said = np.bincount(data.y_train).argmax()
        who = "person" if part.target is Target.PERSONS else "class"
        return Slip(f"always the commonest {who}", float(np.mean(data.y_test == said)))
    is_squared = part.protocol.loss == "mean_squared_error"
    usual = data.y_train.mean(axis=0) if is_squared else np.median(data.y_train, axis=0)
    off = np.abs(data.y_test - usual) ** (2 if is_squared else 1)
    return Slip(f"always the {'mean' if is_squared else 'median'}", float(off.mean()))
