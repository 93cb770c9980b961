"""Training, between caller and worker: what is said over the pipe. No Keras here.

Both ends are the grader's own processes, so that messages may be pickled; nothing that a student
wrote goes this way except as checked records.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from typing import BinaryIO, TypeAlias

from grader.errors import EightFacesError
from grader.records import Architecture, Progress, Rebuilt, Training
from grader.training.task import TrainingTask

# The worker writes this to its log before its memory limit is reached: what fails to allocate
# deep inside TensorFlow ends the process with a signal that could mean anything.
MEMORY_RUNS_OUT = "worker: more than half of the memory limit is in use"


@dataclass(frozen=True)
class RebuildRequest:
    """Build this network and read it off, in so much computing at most."""

    architecture: Architecture
    cpu_seconds: int


@dataclass(frozen=True)
class TrainRequest:
    """Train this; Begun comes back, Progress after each epoch, then the Training.

    `spare_cpu_seconds` is as in `Limits`.
    """

    task: TrainingTask
    spare_cpu_seconds: int


@dataclass(frozen=True)
class Ready:
    """Keras is imported: from here on requests are answered."""


@dataclass(frozen=True)
class Working:
    """The worker has computed for another second; what it says besides its answers."""


@dataclass(frozen=True)
class Begun:
    """A training begins that may compute so long before it is ended in order."""

    cpu_limit_seconds: float


@dataclass(frozen=True)
class Failed:
    """The request could not be answered, for the reason that the caller is to raise."""

    error: EightFacesError


Request: TypeAlias = RebuildRequest | TrainRequest
Reply: TypeAlias = Ready | Working | Begun | Progress | Rebuilt | Training | Failed


def send(stream: BinaryIO, message: Request | Reply) -> None:
    """Write one message; raises OSError where nobody reads any more."""
    # In one write, so that nothing is left half said when the other end dies meanwhile.
    stream.write(pickle.dumps(message))
    stream.flush()


def receive_request(stream: BinaryIO) -> Request:
    """The next request; raises EOFError where the caller is gone."""
    request: Request = pickle.load(stream)  # noqa: S301 - from our own process, see above
    return request


def receive_reply(stream: BinaryIO) -> Reply:
    """The next reply; raises EOFError or OSError where the worker is gone."""
    try:
        reply: Reply = pickle.load(stream)  # noqa: S301 - from our own process, see above
    except pickle.UnpicklingError as error:
        raise EOFError("the worker ended in the middle of a reply") from error
    return reply
