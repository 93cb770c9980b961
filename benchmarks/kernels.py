"""Seconds per epoch of each part, with Keras' kernels and with the fast ones, on one thread.

    .venv/bin/python benchmarks/kernels.py [ROUNDS]

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
from grader.sheets import load_sheets
from grader.training.batches import Batches
from grader.training.compile import optimizer_and_loss
from grader.training.prepare import PreparedData, one_hot
from grader.training.rebuild import build_model, rebuild
from grader.training.task import Kernels

# A part and how it is computed.
Rival: TypeAlias = tuple[str, Kernels]
# An epoch of training, which gives its loss.
Epoch: TypeAlias = Callable[[], float]


def main(rounds: int) -> None:
    """Print times, the ratio of the fast kernels' to Keras', and both losses of the last epoch."""
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    epochs = prepared()
    seconds: dict[Rival, list[float]] = {rival: [] for rival in epochs}
    losses: dict[Rival, float] = {}
    # The first round, which also builds the graphs, is not counted.
    for number in range(rounds + 1):
        for rival, epoch in epochs.items():
            started = time.process_time()
            losses[rival] = epoch()
            if number:
                seconds[rival].append(time.process_time() - started)
    print(f"CPU seconds per epoch, medians of {rounds} epochs, and the loss of the last one")
    print("| part | Keras | fast | ratio | loss, Keras | loss, fast |")
    print("|---|---|---|---|---|---|")
    for part_id in dict.fromkeys(part_id for part_id, _ in epochs):
        by_keras, fast = (seconds[part_id, kernels] for kernels in (Kernels.KERAS, Kernels.FAST))
        ratio = median(own / other for own, other in zip(fast, by_keras, strict=True))
        print(
            f"| {part_id} | {median(by_keras):.2f} | {median(fast):.2f} | {ratio:.2f} "
            f"| {losses[part_id, Kernels.KERAS]:.5f} | {losses[part_id, Kernels.FAST]:.5f} |"
        )


def prepared() -> dict[Rival, Epoch]:
    """The rivals, and what trains each for one more epoch."""
    images = PreparedData(data.load(), "standardize-per-pixel")
    parts = [part for sheet in load_sheets() for part in sheet.parts]
    with Sandbox() as sandbox:
        return {
            (part.id, kernels): epoch_of(sandbox, part, kernels, images)
            for part in parts
            for kernels in (Kernels.KERAS, Kernels.FAST)
        }


def epoch_of(sandbox: Sandbox, part: Part, kernels: Kernels, images: PreparedData) -> Epoch:
    """What trains the solution of the part for one more epoch of its protocol."""
    architecture = describe_solution(sandbox, rebuild, part).architecture
    model = build_model(architecture, part.protocol.seed, kernels)
    optimizer, loss, _ = optimizer_and_loss(None, part.protocol, kernels)
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
