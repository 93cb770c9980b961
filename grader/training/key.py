"""Training, step 2: the key that trainings with the same result have in common. No Keras here."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version

from grader.errors import GraderError
from grader.training.task import TrainingTask

# Raised whenever grader/training comes to other numbers from the same task and versions.
_PROCEDURE = 2


def training_key(task: TrainingTask, versions: Mapping[str, str]) -> str:
    """SHA-256, in hex, over all that determines the numbers of a training on one machine.

    The time limit is left out: it decides whether there is a result, not which.
    """
    compile_config = None if task.compile is None else asdict(task.compile)
    facts = {
        "procedure": _PROCEDURE,
        "network": task.architecture.digest,
        "compile": compile_config,
        "protocol": task.protocol.facts(),
        "input_shape": task.input_shape,
        "num_classes": task.num_classes,
        "data": task.data_sha256,
        "versions": dict(versions),
        "threads": task.threads,
        "kernels": task.kernels,
    }
    canonical = json.dumps(facts, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def versions() -> dict[str, str]:
    """Versions of what computes a training, by name, read without importing any of it.

    Raises GraderError where a package is not installed.
    """
    return {
        "python": platform.python_version(),
        "keras": _version_of("keras"),
        "tensorflow": _version_of("tensorflow", "tensorflow-cpu"),
        "numpy": _version_of("numpy"),
    }


def _version_of(*distributions: str) -> str:
    """The version of the first of these distributions that is installed."""
    for distribution in distributions:
        try:
            return version(distribution)
        except PackageNotFoundError:
            continue
    raise GraderError(
        f"The package {distributions[0]} is not installed here, and training needs it. "
        "Install the grader anew; `make setup` does it in a clone."
    )
