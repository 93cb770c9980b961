"""Batch: how much work a task is, in a unit that only compares tasks of one kind; pure."""

from __future__ import annotations

from grader.batch.tasks import Task, TrainTask
from grader.training.cost import num_operations

# Multiplications of one sample: what the rest of an epoch costs. The smallest network is no hundred
# times faster than the largest.
_REST_OF_AN_EPOCH = 1e6


def effort(task: Task) -> float:
    """For a training what follows from its network and epochs; all else is alike."""
    if not isinstance(task, TrainTask):
        return 1.0
    training = task.training
    # One epoch more, for what comes before and after all of them.
    epochs = training.protocol.epochs + 1
    return (num_operations(training.architecture) + _REST_OF_AN_EPOCH) * epochs
