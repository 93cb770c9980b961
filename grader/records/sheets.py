"""Words: sheets, their parts, protocols and thresholds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.records.networks import Summary
from grader.records.outcomes import CheckName


@dataclass(frozen=True)
class Protocol:
    """How the networks of a sheet are trained."""

    epochs: int
    batch_size: int
    optimizer: str
    loss: str
    scaling: str
    seed: int


@dataclass(frozen=True)
class Calibration:
    """An accuracy threshold (share of the test images) and the trainings it comes from.

    `mean` and `sd` are of the reference over `num_seeds` seeds; `data` is the data set's name,
    `versions` are those of python, keras and tensorflow.
    """

    threshold: float
    mean: float
    sd: float
    num_seeds: int
    data: str
    data_sha256: str
    versions: Mapping[str, str]


@dataclass(frozen=True)
class Part:
    """One task of a sheet, with its reference table. `input_shape` is without the batch axis.

    `points` holds the checks that are made of this part: one that is only built is not trained.
    `num_classes` is 0 where the network gives something else than probabilities.
    `answer_points` is what the answer to the question is worth; None where it gets no points.
    `insight` is what there is to take away from it, told once the part has passed; it may be empty.
    """

    id: str
    sheet: str
    title: str
    question: str
    reference: Summary
    input_shape: tuple[int, ...]
    num_classes: int
    protocol: Protocol
    points: Mapping[CheckName, float]
    time_limit_seconds: float
    calibrations: tuple[Calibration, ...]
    stub: Path
    answer_points: float | None = None
    insight: str = ""

    @property
    def is_trained(self) -> bool:
        """Whether its networks are trained, and not only built and compared."""
        return CheckName.TRAINING in self.points

    def calibration_for(self, data_sha256: str) -> Calibration | None:
        """The calibration that was measured on the data set with this digest, if there is one."""
        fitting = (c for c in self.calibrations if c.data_sha256 == data_sha256)
        return next(fitting, None)


@dataclass(frozen=True)
class Sheet:
    """One exercise sheet: a folder with sheet.toml, tables and stubs."""

    id: str
    title: str
    folder: Path
    parts: tuple[Part, ...]
