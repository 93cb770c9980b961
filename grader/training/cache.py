"""Training, at rest: results by their key, as files in the user's cache folder. No Keras here."""

from __future__ import annotations

import contextlib
import json
from dataclasses import asdict
from pathlib import Path

from data import cache_folder
from grader.files import write_atomically
from grader.records import Outcome, Training
from grader.records.encoding import structured

_FORMAT = 1
# The other outcomes say something of the machine on that day, not of the training.
_KEPT = (Outcome.PASSED, Outcome.FAILED)


class TrainingCache:
    """Results of trainings in `folder`, one file for each key; several processes may share it."""

    def __init__(self, folder: Path | None = None) -> None:
        """`folder` None is `cache_folder()`."""
        self._folder = folder or cache_folder()

    def get(self, key: str) -> Training | None:
        """The result kept under this key; None also where its file is broken or not ours."""
        try:
            return _from_json(json.loads(self._file(key).read_bytes()), key)
        except (OSError, ValueError, RecursionError):
            return None

    def put(self, training: Training) -> None:
        """Keep the result if it passed or failed; where nothing can be written, nothing is kept."""
        if training.outcome not in _KEPT:
            return
        # A cache that cannot be written costs time, and no more.
        with contextlib.suppress(OSError):
            write_atomically(self._file(training.key), kept_text(training))

    def _file(self, key: str) -> Path:
        return self._folder / kept_path(key)


def kept_path(key: str) -> str:
    """Where the result with this key lies in a cache's folder."""
    return f"trainings/{key}.json"


def kept_text(training: Training) -> str:
    """The result as it is kept there."""
    return json.dumps({"format": _FORMAT} | asdict(training), allow_nan=False)


def _from_json(kept: object, key: str) -> Training:
    """The training that was kept; raises ValueError where it is not ours."""
    if not isinstance(kept, dict) or kept.pop("format", None) != _FORMAT:
        raise ValueError(key)
    training = structured(kept, Training)
    if training.key != key or training.outcome not in _KEPT:
        raise ValueError(key)
    return training
