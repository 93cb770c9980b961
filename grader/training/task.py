"""Training, step 1: what is to be trained, on what and with how many threads."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import StrEnum

from grader.errors import UsageError
from grader.records import Architecture, CompileConfig, OwnData, Part, Protocol

# In the environment; what is asked for there goes with the task, to whatever machine trains it.
_KERNEL_VARIABLE = "GRADER_BATCH_NORMALIZATION"


class BatchNormalizationKernel(StrEnum):
    """What normalizes batches of images in training; both give the same up to rounding."""

    FUSED = "fused"
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
    batch_normalization: BatchNormalizationKernel
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
    Raises UsageError as `batch_normalization_kernel`.
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
        batch_normalization=batch_normalization_kernel(),
        data=part.data,
    )


def batch_normalization_kernel() -> BatchNormalizationKernel:
    """The fused kernel, unless the environment asks for Keras' own.

    Raises UsageError where it asks for one that there is not.
    """
    asked = os.environ.get(_KERNEL_VARIABLE) or BatchNormalizationKernel.FUSED
    try:
        return BatchNormalizationKernel(asked)
    except ValueError:
        known = " or ".join(BatchNormalizationKernel)
        raise UsageError(
            f"The environment variable {_KERNEL_VARIABLE} is {asked!r}, but it can only be "
            f"{known}. Set it to one of them, or unset it."
        ) from None
