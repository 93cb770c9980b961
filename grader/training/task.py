"""Training, step 1: what is to be trained, on what and with how many threads."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import StrEnum

from grader.errors import UsageError
from grader.records import Architecture, CompileConfig, OwnData, Part, Protocol

# In the environment; what is asked for there goes with the task, to whatever machine trains it.
_KERNELS_VARIABLE = "GRADER_KERNELS"


class Kernels(StrEnum):
    """How a network is computed in training; both give the same up to rounding.

    The fast ones are batch normalization and Adam in one operation each, and convolutions that a
    batch goes through in pieces.
    """

    FAST = "fast"
    KERAS = "keras"


@dataclass(frozen=True)
class TrainingTask:
    """One training. `input_shape` is without the batch axis.

    `data` is the part's own data set, on this machine; None for that of the run. Its digest is
    `data_sha256`, and no other of it enters the result's key.
    `compile` is None where the protocol's optimizer and loss are used. `time_limit_seconds` is CPU
    time of one thread (see `cpu_limit_seconds` of the training) and no part of the result's key.
    """

    architecture: Architecture
    compile: CompileConfig | None
    protocol: Protocol
    input_shape: tuple[int, ...]
    num_classes: int
    time_limit_seconds: float
    data_sha256: str
    threads: int
    kernels: Kernels
    data: OwnData | None = None


def training_task(
    part: Part,
    architecture: Architecture,
    compile_config: CompileConfig | None,
    run_sha256: str,
    threads: int,
) -> TrainingTask:
    """The training of `architecture` as the part's sheet asks for it.

    `run_sha256` is the digest of the run's data set, which a part with its own passes over.
    Raises UsageError as `asked_kernels`.
    """
    return TrainingTask(
        architecture=architecture,
        compile=compile_config,
        protocol=part.protocol,
        input_shape=part.input_shape,
        num_classes=part.num_classes,
        time_limit_seconds=part.time_limit_seconds,
        data_sha256=part.trained_on(run_sha256),
        threads=threads,
        kernels=asked_kernels(),
        data=part.data,
    )


def asked_kernels() -> Kernels:
    """The fast kernels, unless the environment asks for Keras' own.

    Raises UsageError where it asks for some that there are not.
    """
    asked = os.environ.get(_KERNELS_VARIABLE) or Kernels.FAST
    try:
        return Kernels(asked)
    except ValueError:
        known = " or ".join(Kernels)
        raise UsageError(
            f"The environment variable {_KERNELS_VARIABLE} is {asked!r}, but it can only be "
            f"{known}. Set it to one of them, or unset it."
        ) from None
