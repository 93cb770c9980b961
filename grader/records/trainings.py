"""Words: what one training gave, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from grader.records.outcomes import Outcome


@dataclass(frozen=True)
class DataFacts:
    """What a report needs to know of a data set: name, digest, names of its classes."""

    name: str
    sha256: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Splits:
    """One figure for each of the three splits; None where it was not reached."""

    train: float | None
    valid: float | None
    test: float | None


class Measured(Protocol):
    """What has figures of both kinds, as a `Training` does."""

    @property
    def accuracy(self) -> Splits:
        """The accuracies."""

    @property
    def loss(self) -> Splits:
        """The losses; of a network that tells numbers they are its errors."""


@dataclass(frozen=True)
class History:
    """Figures after each epoch; of the accuracy none where the targets are numbers."""

    loss: tuple[float, ...] = ()
    accuracy: tuple[float, ...] = ()
    val_loss: tuple[float, ...] = ()
    val_accuracy: tuple[float, ...] = ()


@dataclass(frozen=True)
class WrongImage:
    """A test image, or another example, that the network got wrong.

    `index` counts in the test set, from 0; `label` is the true and `said` the given one.
    """

    index: int
    label: int
    said: int
    probability: float


@dataclass(frozen=True)
class Training:
    """What one training gave. Accuracies are shares, `seconds` are wall time.

    Where the targets are numbers there are no accuracies, and losses are the protocol's, whichever
    was trained with. `data` is the part's own data set, None for that of the run.

    `outcome` is passed, failed (loss not finite, or `refused` by Keras), timed_out, out_of_memory
    or grader_error.
    `confusion[i][j]` counts the test images of person i that were called person j.
    """

    key: str
    outcome: Outcome
    accuracy: Splits
    loss: Splits
    epochs: int
    seconds: float
    cpu_seconds: float
    seed: int
    threads: int
    history: History
    confusion: tuple[tuple[int, ...], ...] = ()
    wrong: tuple[WrongImage, ...] = ()
    message: str = ""
    refused: bool = False
    data: DataFacts | None = None


@dataclass(frozen=True)
class Progress:
    """Where a training is: epochs finished, figures of the last one, seconds left."""

    epoch: int
    epochs: int
    loss: float
    accuracy: float | None
    val_accuracy: float | None
    seconds_left: float
