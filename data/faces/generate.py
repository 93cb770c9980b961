"""Drawing, step 13: the whole set, in one or several processes, the same pixels either way."""

from __future__ import annotations

import os
from collections.abc import Callable

import numpy as np

from data.dataset import SPLITS, DataSet, make_dataset
from data.faces.draw import PIXELS
from data.faces.persons import PERSONS
from data.faces.plan import Counts, Job, plan
from data.faces.workers import draw_all

NAME = "eight invented faces"
SEED = 2017


def generate(
    *,
    seed: int = SEED,
    counts: Counts | None = None,
    processes: int | None = None,
    advance: Callable[[], None] = lambda: None,
) -> DataSet:
    """Draw the set of invented faces; `advance` is called after each picture.

    `processes=None` uses as many as there are cores for this process, at most eight.
    """
    counts = counts or Counts()
    jobs = plan(seed, counts)
    processes = min(8, _available_cores()) if processes is None else processes
    pictures = np.empty((len(jobs), PIXELS, PIXELS, 3), np.uint8)
    for row, picture in enumerate(draw_all(jobs, seed, counts, processes)):
        pictures[row] = picture
        advance()
    return _to_dataset(jobs, pictures)


def _to_dataset(jobs: list[Job], pictures: np.ndarray) -> DataSet:
    labels = np.array([job.label for job in jobs], np.int64)
    splits = np.array([job.split for job in jobs])
    arrays: dict[str, np.ndarray] = {}
    for split, name in enumerate(SPLITS):
        arrays[f"x_{name}"] = pictures[splits == split]
        arrays[f"y_{name}"] = labels[splits == split]
    return make_dataset(arrays, names=tuple(person.name for person in PERSONS), name=NAME)


def _available_cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
