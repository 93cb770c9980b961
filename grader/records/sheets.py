"""Words: sheets, their parts, protocols and thresholds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from grader.records.networks import Shape, Summary
from grader.records.outcomes import CheckName
from grader.records.trainings import DataFacts, Measured, Splits


class Target(StrEnum):
    """What a network is to tell of each example.

    A probability for each person of the course's images, or for each class of other examples; one
    probability, that of class 1; or numbers, whose error is measured in place of an accuracy.
    """

    PERSONS = "persons"
    CLASSES = "classes"
    YES_OR_NO = "yes_or_no"
    NUMBERS = "numbers"

    @property
    def has_error(self) -> bool:
        """Whether an error is measured, which is to be small, and not an accuracy."""
        return self is Target.NUMBERS

    def measured(self, figures: Measured) -> Splits:
        """The figures that the last check looks at: errors, or accuracies."""
        return figures.loss if self.has_error else figures.accuracy

    def is_reached(self, measured: float, threshold: float) -> bool:
        """Whether an error is small enough, or an accuracy large enough."""
        return measured <= threshold if self.has_error else measured >= threshold


# What networks are trained for with each loss that a protocol may name.
LOSSES: Mapping[str, Target] = {
    "categorical_crossentropy": Target.CLASSES,
    "sparse_categorical_crossentropy": Target.CLASSES,
    "binary_crossentropy": Target.YES_OR_NO,
    "mean_squared_error": Target.NUMBERS,
    "mean_absolute_error": Target.NUMBERS,
}


@dataclass(frozen=True)
class Protocol:
    """How the networks of a part are trained; without a `learning_rate` by Keras' usual one."""

    epochs: int
    batch_size: int
    optimizer: str
    loss: str
    scaling: str
    seed: int
    learning_rate: float | None = None

    @property
    def target(self) -> Target:
        """What its loss trains for; PERSONS are CLASSES here."""
        return LOSSES.get(self.loss, Target.CLASSES)

    def facts(self) -> dict[str, Any]:
        """What is set, by name, for keys.

        What is left to Keras is left out, so that keys from before it could be set still hold.
        """
        return {name: value for name, value in asdict(self).items() if value is not None}


@dataclass(frozen=True)
class Calibration:
    """A threshold and the trainings it comes from.

    It is of the accuracy (share of the test images), or of the error where that is measured. `mean`
    and `sd` are of the reference over `num_seeds` seeds; `data` is the data set's name, `versions`
    are those of python, keras and tensorflow.
    """

    threshold: float
    mean: float
    sd: float
    num_seeds: int
    data: str
    data_sha256: str
    versions: Mapping[str, str]


@dataclass(frozen=True)
class OwnData:
    """A data set that a part brings itself: where it lies, and what is told of it.

    Its digest is the SHA-256 of the file.
    """

    file: Path
    facts: DataFacts


@dataclass(frozen=True)
class Part:
    """One task of a sheet, with its reference table. `input_shape` is without the batch axis.

    `points` holds the checks that are made of this part: one that is only built is not trained.
    `num_classes` is 0 where the network gives something else than probabilities. `data` is None for
    a part that is trained on the data set of the run. `answer_points` is what the answer to the
    question is worth; None where it gets no points. `insight` is what there is to take away from
    it, told once the part has passed; it may be empty.
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
    data: OwnData | None = None

    @property
    def is_trained(self) -> bool:
        """Whether its networks are trained, and not only built and compared."""
        return CheckName.TRAINING in self.points

    @property
    def target(self) -> Target:
        """What its networks are to tell."""
        target = self.protocol.target
        of_course = target is Target.CLASSES and self.is_trained and self.data is None
        return Target.PERSONS if of_course else target

    @property
    def output_shape(self) -> Shape | None:
        """What its networks give for one example; None where the table does not say."""
        match self.target:
            case Target.NUMBERS:
                shape = self.reference.rows[-1].shape
                return None if shape is None else shape[1:]
            case Target.YES_OR_NO:
                return (1,)
            case _:
                return (self.num_classes,)

    def is_output(self, shape: Shape) -> bool:
        """Whether its networks may give this for one example; an open axis takes any size."""
        due = self.output_shape
        if due is None:
            return True
        pairs = zip(shape, due, strict=False)
        return len(shape) == len(due) and all(size in {found, None} for found, size in pairs)

    def trained_on(self, run_sha256: str) -> str:
        """The digest of the data set that it is trained on, in a run with the one given."""
        return self.data.facts.sha256 if self.data else run_sha256

    def calibration_for(self, run_sha256: str) -> Calibration | None:
        """The calibration for its data set in a run with the one given, if there is one."""
        data_sha256 = self.trained_on(run_sha256)
        fitting = (c for c in self.calibrations if c.data_sha256 == data_sha256)
        return next(fitting, None)


@dataclass(frozen=True)
class Sheet:
    """One exercise sheet: a folder with sheet.toml, tables and stubs."""

    id: str
    title: str
    folder: Path
    parts: tuple[Part, ...]
