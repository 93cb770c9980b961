"""Training, step 1: what is to be trained, on what and with how many threads."""

from __future__ import annotations

from dataclasses import dataclass

from grader.records import Architecture, CompileConfig, Part, Protocol


@dataclass(frozen=True)
class TrainingTask:
    """One training. `input_shape` is without the batch axis.

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


def training_task(
    part: Part,
    architecture: Architecture,
    compile_config: CompileConfig | None,
    data_sha256: str,
    threads: int,
) -> TrainingTask:
    """The training of `architecture` as the part's sheet asks for it."""
    return TrainingTask(
        architecture=architecture,
        compile=compile_config,
        protocol=part.protocol,
        input_shape=part.input_shape,
        num_classes=part.num_classes,
        time_limit_seconds=part.time_limit_seconds,
        data_sha256=data_sha256,
        threads=threads,
    )
