"""What a training costs against bare `model.fit`, and against what the processor can multiply.

    .venv/bin/python benchmarks/training.py [--epochs N] [--rounds N] [PART]...

Each part is trained by the grader (as for a grade: shuffled anew in each epoch, watched, measured
on all three splits at its end) and by `model.fit` of the solution's own Keras model on the same
arrays with the same validation data, in turns, in one warm process with one thread. A few epochs
are run; told is what the protocol's number of them comes to: epochs after the first count each, the
first one with its building of graphs, and what comes before and after all of them, once. Times are
CPU time of the process: on one thread of an idle machine, that is the time on the clock.
"""

from __future__ import annotations

import argparse
import importlib.util
import itertools
import math
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import TypeAlias

os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}

import keras
import numpy as np
import tensorflow as tf

import data
from grader.grading import describe_solution
from grader.records import Part
from grader.sandbox.launcher import Sandbox
from grader.sheets import load_sheets, solution_file
from grader.training.prepare import PreparedData, one_hot
from grader.training.rebuild import rebuild
from grader.training.task import TrainingTask, training_task
from grader.training.train import train

_NO_LIMIT = 1e9
_MATRIX = 2048
# Forward, and backward for the weights and for the input.
_PASSES = 3


# A way to train: told how many epochs and what to call after each.
Rival: TypeAlias = Callable[[int, Callable[[], None]], None]


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="PART")
    parser.add_argument("--epochs", type=int, default=3, help="of each training that is run")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    parts = [
        part
        for sheet in load_sheets()
        for part in sheet.parts
        if part.id in arguments.parts or not arguments.parts
    ]
    images = PreparedData(data.load(), "standardize-per-pixel")
    print(f"one thread, medians of {arguments.rounds} rounds, CPU seconds")
    print("| part | grader | `model.fit` | grader / `model.fit` | share of the limit |")
    print("|---|---|---|---|---|")
    sums = np.zeros((arguments.rounds, 2))
    with Sandbox() as sandbox:
        for part in parts:
            task = _task(sandbox, part, images)
            rivals = (_graded(task, images), _bare(part, images))
            times = _times(rivals, part, arguments.epochs, arguments.rounds)
            limit = _seconds_at_limit(task, len(images.targets["train"]))
            _tell(part.id, times, limit)
            sums += times
    if len(parts) > 1:
        _tell("together", sums, None)


def _times(
    rivals: Sequence[Rival], part: Part, epochs: int, rounds: int
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Seconds that the protocol takes, (rounds, rivals); the first round is not counted."""
    found = [
        [_protocol_seconds(rival, epochs, part.protocol.epochs) for rival in rivals]
        for _ in range(rounds + 1)
    ]
    return np.array(found[1:])


def _protocol_seconds(rival: Rival, epochs: int, wanted: int) -> float:
    marks = [time.process_time()]
    rival(epochs, lambda: marks.append(time.process_time()))
    total = time.process_time() - marks[0]
    later = [after - before for before, after in itertools.pairwise(marks[1:])]
    return total + (wanted - epochs) * median(later)


def _tell(name: str, times: np.ndarray, limit: float | None) -> None:
    ours, bare = np.median(times, axis=0)
    ratio = np.median(times[:, 0] / times[:, 1])
    share = "" if limit is None else f"{limit / ours:.2f}"
    print(f"| {name} | {ours:.1f} | {bare:.1f} | {ratio:.2f} | {share} |", flush=True)


def _task(sandbox: Sandbox, part: Part, images: PreparedData) -> TrainingTask:
    solution = describe_solution(sandbox, rebuild, part)
    task = training_task(part, solution.architecture, solution.compile, images.sha256, threads=1)
    return replace(task, time_limit_seconds=_NO_LIMIT)


def _graded(task: TrainingTask, images: PreparedData) -> Rival:
    def fit(epochs: int, mark: Callable[[], None]) -> None:
        shortened = replace(task, protocol=replace(task.protocol, epochs=epochs))
        train(shortened, images, _NO_LIMIT, lambda _: mark())

    return fit


def _bare(part: Part, images: PreparedData) -> Rival:
    """As a student would write it in a notebook."""
    build = _solution(solution_file(part))
    splits = {
        split: (
            images.examples(split, part.input_shape),
            one_hot(images.targets[split].astype(np.int64), part.num_classes),
        )
        for split in ("train", "valid")
    }

    def fit(epochs: int, mark: Callable[[], None]) -> None:
        keras.utils.set_random_seed(part.protocol.seed)
        model = build()
        model.compile(part.protocol.optimizer, part.protocol.loss, metrics=["accuracy"])
        model.fit(
            *splits["train"],
            batch_size=part.protocol.batch_size,
            epochs=epochs,
            validation_data=splits["valid"],
            callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=lambda *_: mark())],
            verbose=0,
        )

    return fit


def _solution(path: Path) -> Callable[[], keras.Model]:
    specification = importlib.util.spec_from_file_location(path.stem, path)
    if specification is None or specification.loader is None:
        raise ImportError(path)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    build: Callable[[], keras.Model] = module.build_model
    return build


def _seconds_at_limit(task: TrainingTask, num_images: int) -> float:
    """For the multiplications of the protocol at the rate of one large matrix product."""
    matrix = tf.random.normal((_MATRIX, _MATRIX))
    seconds = []
    for _ in range(8):
        started = time.process_time()
        tf.linalg.matmul(matrix, matrix).numpy()
        seconds.append(time.process_time() - started)
    rate = 2 * _MATRIX**3 / median(seconds)
    return _PASSES * _flops_per_image(task) * num_images * task.protocol.epochs / rate


def _flops_per_image(task: TrainingTask) -> int:
    """Of one forward pass: two for each weight of a layer and place where it is applied."""
    return 2 * sum(
        row.params * math.prod(size for size in row.shape[1:-1] if size)
        for row in task.architecture.rows
        if row.params and row.shape
    )


if __name__ == "__main__":
    main()
