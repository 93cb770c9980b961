"""Training, step 7: train a network by its protocol and measure what it learned."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import astuple, replace

import keras
import tensorflow as tf

from grader.errors import GraderError, SheetError
from grader.records import Training
from grader.training import endings
from grader.training.batches import Batches
from grader.training.compile import optimizer_and_loss
from grader.training.endings import Ending, Spent
from grader.training.measure import measure, metric
from grader.training.prepare import PreparedData, as_loss_takes
from grader.training.rebuild import build_model
from grader.training.sentences import sentence_of
from grader.training.task import TrainingTask
from grader.training.trunk import Trunk, computed_in_pieces
from grader.training.watch import NotFiniteLoss, ProgressCall, TimeLimitReached, Watch

_SPLITS = ("train", "valid", "test")
# How Keras and TensorFlow refuse settings that they let pass until they compute with them. Whatever
# else they raise is trouble of the machine's or ours.
_REFUSALS = (
    *(ValueError, TypeError, ArithmeticError, LookupError, NotImplementedError),
    *(tf.errors.InvalidArgumentError, tf.errors.UnimplementedError),
)


def train(
    task: TrainingTask,
    data: PreparedData,
    cpu_limit: float,
    on_progress: ProgressCall | None = None,
) -> Training:
    """The result of the task; on one machine the same task always gives the same numbers.

    Accuracies and losses are of the network at its end, in inference mode; the history is as Keras
    reports it while training. The process must have been set to `task.threads` threads.
    `on_progress` is called after each epoch. After `cpu_limit` CPU seconds it is stopped, and
    measured in the state that it had reached.

    Raises SheetError where the sheet does not fit the data, GraderError where `data` is not the
    task's.
    """
    _require_fitting(task, data)
    wall_start, cpu_start = time.monotonic(), time.process_time()
    watch = Watch(task.protocol.epochs, cpu_start, cpu_limit, on_progress)
    try:
        ending = _train_and_measure(task, data, watch)
    except (MemoryError, tf.errors.ResourceExhaustedError):
        ending = endings.out_of_memory()
    except _REFUSALS as error:
        ending = endings.refused(sentence_of(error))
    spent = Spent(time.monotonic() - wall_start, time.process_time() - cpu_start)
    return endings.result(task, ending, watch.history(), spent)


def _require_fitting(task: TrainingTask, data: PreparedData) -> None:
    if task.data_sha256 != data.sha256:
        raise GraderError(
            f"The training is for the data set {task.data_sha256[:12]}, but the worker was given "
            f"{data.sha256[:12]}. Start again; if it comes back, please report it."
        )
    if task.protocol.scaling != data.scaling:
        raise GraderError(
            f"The training asks for the scaling {task.protocol.scaling}, but the worker was given "
            f"{data.scaling}. Start again; if it comes back, please report it."
        )
    if data.num_classes > task.num_classes and not task.protocol.target.has_error:
        raise SheetError(
            f"The data set has {data.num_classes} persons, but the sheet has {task.num_classes} "
            f"classes. Write classes = {data.num_classes} in sheet.toml, or choose another data "
            "set."
        )


def _train_and_measure(task: TrainingTask, data: PreparedData, watch: Watch) -> Ending:
    # This also sets the global seed, so that no training depends on those before it.
    trunk = _trunk(task, len(data.targets["train"]))
    model = build_model(task.architecture, task.protocol.seed, task.kernels, trunk)
    optimizer, loss, sparse = optimizer_and_loss(task.compile, task.protocol, task.kernels)
    measured = metric(task.protocol, sparse=sparse)
    model.compile(optimizer, loss, metrics=[measured], jit_compile=False)
    splits = {split: _split(task, data, split, sparse=sparse) for split in _SPLITS}
    try:
        finished = _fit(model, task, splits, watch)
    except NotFiniteLoss as fault:
        return endings.not_finite(fault.loss, fault.epoch, task.protocol.epochs)
    target = task.protocol.target
    figures = measure(model, splits, data.targets["test"], target, task.num_classes)
    epochs = len(watch.history().loss)
    for loss in astuple(figures.loss):
        if not math.isfinite(loss):
            return endings.not_finite(loss, epochs, task.protocol.epochs)
    if finished:
        return endings.passed(figures)
    return endings.timed_out(task, watch.cpu_limit, epochs, figures)


def _trunk(task: TrainingTask, num_examples: int) -> Trunk | None:
    trunk = computed_in_pieces(task)
    if trunk is None:
        return None
    batch_size = task.protocol.batch_size
    last_batch = num_examples % batch_size or batch_size
    return replace(trunk, num_pieces=min(trunk.num_pieces, last_batch))


def _split(task: TrainingTask, data: PreparedData, split: str, *, sparse: bool) -> Batches:
    target, targets = task.protocol.target, data.targets[split]
    return Batches(
        examples=data.examples(split, task.input_shape),
        targets=as_loss_takes(targets, task.num_classes, target, sparse=sparse),
        batch_size=task.protocol.batch_size,
    )


def _fit(
    model: keras.Model, task: TrainingTask, splits: Mapping[str, Batches], watch: Watch
) -> bool:
    """Whether all epochs were finished within the time."""
    try:
        model.fit(
            splits["train"].shuffled(task.protocol.seed),
            epochs=task.protocol.epochs,
            validation_data=splits["valid"].in_order(),
            # The batches come shuffled.
            shuffle=False,
            callbacks=[watch],
            verbose=0,
        )
    except TimeLimitReached:
        return False
    return True
