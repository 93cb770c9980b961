"""Calibrate, step 4: what the trainings of a part say, and what of it is kept; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean, stdev

import numpy as np

from data import DataSet
from grader.calibration.bounds import MIN_SEEDS, Bound, Sample, Threshold, threshold_for
from grader.calibration.ledger import Measurement
from grader.calibration.plan import Plan
from grader.errors import GraderError
from grader.records import Calibration, Part

_KEPT_VERSIONS = ("python", "keras", "tensorflow")
_DECIMALS = 4


@dataclass(frozen=True)
class Slip:
    """What should not pass, and its test accuracy; None where no finite loss was left."""

    title: str
    accuracy: float | None


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
        reached = (slip for slip in self.slips if slip.accuracy is not None)
        return tuple(slip for slip in reached if (slip.accuracy or 0.0) >= self.threshold.value)

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
    slips = [Slip(slip.title, measured[slip.title][0].accuracy.test) for slip in plan.slips]
    slips.insert(1, Slip("always the commonest person", _commonest(data)))
    return Result(
        part=plan.part,
        reference=tuple(measured[plan.reference.title]),
        threshold=threshold_for(samples, len(data.y_test)),
        slips=tuple(slips),
        num_test_images=len(data.y_test),
    )


def calibration(result: Result, data: DataSet, versions: Mapping[str, str]) -> Calibration:
    """What is kept of a result, for grades."""
    accuracies = [_test(one) for one in result.reference]
    return Calibration(
        threshold=result.threshold.value,
        mean=round(mean(accuracies), _DECIMALS),
        sd=round(stdev(accuracies), _DECIMALS),
        num_seeds=len(accuracies),
        data=data.name,
        data_sha256=data.sha256,
        versions={name: versions[name] for name in _KEPT_VERSIONS},
    )


def _test(measurement: Measurement) -> float:
    accuracy = measurement.accuracy.test
    if accuracy is None:
        raise GraderError("A training that passed has no test accuracy. Please report this.")
    return accuracy


def _commonest(data: DataSet) -> float:
    """Test accuracy of always saying the person with the most training images."""
    said = np.bincount(data.y_train).argmax()
    return float(np.mean(data.y_test == said))
