"""Batch, step 1: the three kinds of costly work, each known by all that its result follows from.

Tasks are plain records: they may be pickled, and performed by another process or machine. The
smaller their `urgency`, the earlier: a network just described is rebuilt before the next file, so
that its hints can be told.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any, ClassVar, TypeAlias

from grader import __version__
from grader.grading.describing import grader_trouble
from grader.records import (
    UNKNOWN_TOTALS,
    Architecture,
    Description,
    Part,
    Rebuilt,
    Source,
    Training,
)
from grader.sandbox.jobs import Limits
from grader.training import endings
from grader.training.key import training_key
from grader.training.task import TrainingTask

# A training in a batch: parallelism comes from several of them.
THREADS = 1
LIMITS = Limits()
# Raised whenever describing or rebuilding comes to other results from the same files and versions.
_PROCEDURE = 1


@dataclass(frozen=True)
class DescribeTask:
    """One candidate for a part goes into the sandbox; gives a Description."""

    part: Part
    source: Source
    versions: Mapping[str, str]

    urgency: ClassVar[int] = 1

    @cached_property
    def key(self) -> str:
        """SHA-256, in hex, of what the description follows from: its name, but not where it lay."""
        source = self.source
        facts = {
            "part": self.part.id,
            "input_shape": self.part.input_shape,
            "protocol": self.part.protocol.facts(),
            "filename": PurePosixPath(source.path).name,
            "code": _sha256(source.code),
            "helpers": {name: _sha256(code) for name, code in source.helpers.items()},
            "limits": asdict(LIMITS),
        }
        return _key("describe", facts, self.versions)

    @property
    def title(self) -> str:
        """What the task is called in the progress."""
        return f"{self.part.id} in {PurePosixPath(self.source.path).name}"

    def failed(self, sentence: str) -> Description:
        """The result where the grader could not get one."""
        return grader_trouble(sentence)


@dataclass(frozen=True)
class RebuildTask:
    """A checked network is built by trusted code and read off; gives a Rebuilt."""

    architecture: Architecture
    versions: Mapping[str, str]
    title: str

    urgency: ClassVar[int] = 0

    @cached_property
    def key(self) -> str:
        """SHA-256, in hex, of what the rows follow from."""
        return _key("rebuild", {"network": self.architecture.digest}, self.versions)

    def failed(self, sentence: str) -> Rebuilt:
        """The result where the grader could not get one."""
        return Rebuilt((), UNKNOWN_TOTALS, (), None, grader_trouble(sentence).fault)


@dataclass(frozen=True)
class TrainTask:
    """A network is trained and measured; gives a Training."""

    training: TrainingTask
    versions: Mapping[str, str]
    title: str

    urgency: ClassVar[int] = 2

    @cached_property
    def key(self) -> str:
        """The key of the training."""
        return training_key(self.training, self.versions)

    def failed(self, sentence: str) -> Training:
        """The result where the grader could not get one."""
        return endings.not_trained(self.training, sentence)


Task: TypeAlias = DescribeTask | RebuildTask | TrainTask
Result: TypeAlias = Description | Rebuilt | Training


def _key(step: str, facts: Mapping[str, Any], versions: Mapping[str, str]) -> str:
    everything = {
        "step": step,
        "procedure": _PROCEDURE,
        "grader": __version__,
        "versions": dict(versions),
        **facts,
    }
    canonical = json.dumps(everything, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return _sha256(canonical.encode())


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
