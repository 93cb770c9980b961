"""Training, at rest: results by their key, as files in the user's cache folder. No Keras here."""

from __future__ import annotations

import contextlib
import json
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from data import cache_folder
from grader.files import write_atomically
from grader.records import DataFacts, History, Outcome, Splits, Training, WrongImage

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
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
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


def _from_json(kept: dict[str, Any], key: str) -> Training:
    """The training that was kept; raises ValueError, KeyError or TypeError where it is not ours."""
    if kept["format"] != _FORMAT or kept["key"] != key or kept["outcome"] not in _KEPT:
        raise ValueError(key)
    return Training(
        key=key,
        outcome=Outcome(kept["outcome"]),
        accuracy=_splits(kept["accuracy"]),
        loss=_splits(kept["loss"]),
        epochs=int(kept["epochs"]),
        seconds=float(kept["seconds"]),
        cpu_seconds=float(kept["cpu_seconds"]),
        seed=int(kept["seed"]),
        threads=int(kept["threads"]),
        history=History(**{f.name: _floats(kept["history"][f.name]) for f in fields(History)}),
        confusion=tuple(tuple(int(n) for n in row) for row in kept["confusion"]),
        wrong=tuple(_wrong_image(image) for image in kept["wrong"]),
        message=str(kept["message"]),
        # Results kept before there were such ones say nothing of it.
        refused=bool(kept.get("refused", False)),
        data=_data_facts(kept.get("data")),
    )


def _data_facts(kept: dict[str, Any] | None) -> DataFacts | None:
    if kept is None:
        return None
    names = tuple(str(name) for name in kept["names"])
    return DataFacts(str(kept["name"]), str(kept["sha256"]), names)


def _splits(kept: dict[str, Any]) -> Splits:
    values = {f.name: kept[f.name] for f in fields(Splits)}
    return Splits(**{name: None if v is None else float(v) for name, v in values.items()})


def _floats(kept: list[Any]) -> tuple[float, ...]:
    return tuple(float(value) for value in kept)


def _wrong_image(kept: dict[str, Any]) -> WrongImage:
    return WrongImage(
        index=int(kept["index"]),
        label=int(kept["label"]),
        said=int(kept["said"]),
        probability=float(kept["probability"]),
    )
