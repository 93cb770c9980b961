"""Seconds per epoch of cnn_b and of cnn_c with each kernel of batch normalization, on one thread.

    .venv/bin/python benchmarks/batch_normalization.py [ROUNDS]

Networks take turns, an epoch each, so that a machine that is busy at times is busy for all of them.
Times are CPU time of the process: on one thread of an idle machine, that is the time on the clock.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import TypeAlias

os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}

import numpy as np
import tensorflow as tf

import data
from grader.grading import describe_solution
from grader.records import Part
from grader.sandbox.launcher import Sandbox
from grader.sheets import find_part, load_sheets
from grader.training.batches import Batches
from grader.training.compile import optimizer_and_loss
from grader.training.prepare import PreparedData, one_hot
from grader.training.rebuild import build_model, rebuild
from grader.training.task import BatchNormalizationKernel

RIVALS = {
    "cnn_b": ("cnn_b", BatchNormalizationKernel.KERAS),
    "cnn_c, Keras' kernel": ("cnn_c", BatchNormalizationKernel.KERAS),
    "cnn_c, fused kernel": ("cnn_c", BatchNormalizationKernel.FUSED),
}
# An epoch of training, which gives its loss.
Epoch: TypeAlias = Callable[[], float]


def main(rounds: int) -> None:
    """Print times, ratios to the first rival and the losses of the last epoch."""
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    epochs = prepared()
    seconds: dict[str, list[float]] = {name: [] for name in epochs}
    losses: dict[str, float] = {}
    # The first round, which also builds the graphs, is not counted.
    for number in range(rounds + 1):
        for name, epoch in epochs.items():
            started = time.process_time()
            losses[name] = epoch()
            if number:
                seconds[name].append(time.process_time() - started)
    first = seconds[next(iter(epochs))]
    print(f"{'':22}{'s per epoch':>12}{'ratio':>8}{'loss':>9}   (medians of {rounds} epochs)")
    for name, times in seconds.items():
        ratio = median(own / other for own, other in zip(times, first, strict=True))
        print(f"{name:22}{median(times):12.2f}{ratio:8.2f}{losses[name]:9.4f}")


def prepared() -> dict[str, Epoch]:
    """The rivals' names, and what trains each for one more epoch."""
    images = PreparedData(data.load(), "standardize-per-pixel")
    sheets = load_sheets()
    with Sandbox() as sandbox:
        return {
            name: epoch_of(sandbox, find_part(sheets, part_id), kernel, images)
            for name, (part_id, kernel) in RIVALS.items()
        }


def epoch_of(
    sandbox: Sandbox, part: Part, kernel: BatchNormalizationKernel, images: PreparedData
) -> Epoch:
    """What trains the solution of the part for one more epoch of its protocol."""
    architecture = describe_solution(sandbox, rebuild, part).architecture
    model = build_model(architecture, part.protocol.seed, kernel)
    optimizer, loss, _ = optimizer_and_loss(None, part.protocol)
    model.compile(optimizer, loss, jit_compile=False)
    batches = Batches(
        images.examples("train", part.input_shape),
        one_hot(images.targets["train"].astype(np.int64), part.num_classes),
        part.protocol.batch_size,
    ).shuffled(part.protocol.seed)

    def train() -> float:
        history = model.fit(batches, shuffle=False, verbose=0).history
        return float(history["loss"][0])

    return train


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
