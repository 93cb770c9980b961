"""Data: whether a set is one to learn from; pure.

The limits come from the exercise: its networks have up to 2.8 million parameters, are trained in
batches of 128 for 30 epochs, and are told apart by accuracies that differ by some hundredths.
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from data.dataset import SPLITS, DataSet
from data.duplicates import groups

MIN_TRAIN, GOOD_TRAIN = 50, 150
MIN_TEST, GOOD_TEST = 10, 30
GOOD_BALANCE, MAX_IMBALANCE = 1.5, 4
MAX_LEAK = 0.1
MAX_PLAIN = 0.05
DARK, BRIGHT = 25, 230


class Weight(enum.Enum):
    """How much a finding matters."""

    FINE = "fine"
    NOTE = "note"
    FAULT = "fault"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at, and what was found."""

    topic: str
    weight: Weight
    text: str


def examine(dataset: DataSet, likeness: np.ndarray) -> list[Finding]:
    """Return what speaks for and against the set, in the order of reading it.

    `likeness` is `look_alikes` of the pictures of all splits, as `all_pictures` puts them.
    """
    return [
        _amount(dataset, "train", MIN_TRAIN, GOOD_TRAIN),
        _amount(dataset, "test", MIN_TEST, GOOD_TEST),
        _balance(dataset),
        _leaks(dataset, likeness),
        _contradictions(dataset, likeness),
        _plain_pictures(dataset),
        _brightness(dataset),
        _names(dataset),
    ]


def all_pictures(dataset: DataSet) -> np.ndarray:
    """Return the pictures of train, valid and test, one after the other."""
    return np.concatenate([getattr(dataset, f"x_{split}") for split in SPLITS])


def all_labels(dataset: DataSet) -> np.ndarray:
    """Return the labels in the same order, int64 (n,)."""
    return np.concatenate([getattr(dataset, f"y_{split}") for split in SPLITS])


def all_splits(dataset: DataSet) -> list[str]:
    """Return the name of the split of each picture in the same order."""
    return [split for split in SPLITS for _ in getattr(dataset, f"y_{split}")]


def _amount(dataset: DataSet, split: str, least: int, good: int) -> Finding:
    counts = np.bincount(getattr(dataset, f"y_{split}"), minlength=len(dataset.names))
    fewest = int(counts.min())
    name = dataset.names[int(counts.argmin())]
    text = f"{counts.sum():,} pictures, at least {fewest} of each person"
    if fewest >= good:
        return Finding(split, Weight.FINE, f"{text}.")
    text += f" ({name})"
    if fewest >= least:
        return Finding(split, Weight.NOTE, f"{text}; {good} would be better. {_WHY_MANY[split]}")
    return Finding(
        split, Weight.FAULT, f"{text}. Expected at least {least} of each. {_WHY_MANY[split]}"
    )


_WHY_MANY = {
    "train": "With few pictures the networks take few steps, and batch normalization needs "
    "hundreds before it works on the test set. It can be graded with all the same.",
    "test": "With few pictures an accuracy is mostly chance. It can be graded with all the same.",
}


def _balance(dataset: DataSet) -> Finding:
    worst, where = 1.0, ""
    for split in SPLITS:
        counts = np.bincount(getattr(dataset, f"y_{split}"), minlength=len(dataset.names))
        ratio = counts.max() / max(1, counts.min())
        if ratio > worst:
            most, fewest = int(counts.argmax()), int(counts.argmin())
            worst = float(ratio)
            where = (
                f"{split} has {counts[most]} pictures of {dataset.names[most]} and "
                f"{counts[fewest]} of {dataset.names[fewest]}"
            )
    if worst <= GOOD_BALANCE:
        text = "the persons have equally many pictures, or nearly"
        return Finding("balance", Weight.FINE, f"{text}.")
    advice = "`grader data import --per-person N` takes at most N of each"
    if worst <= MAX_IMBALANCE:
        return Finding("balance", Weight.NOTE, f"{where}; {advice}.")
    return Finding(
        "balance",
        Weight.FAULT,
        f"{where}. Expected at most {MAX_IMBALANCE} times as many of one as of another, or "
        f"guessing the most frequent person looks like learning; {advice}.",
    )


def _leaks(dataset: DataSet, likeness: np.ndarray) -> Finding:
    splits = all_splits(dataset)
    across = [rows for rows in groups(likeness) if len({splits[row] for row in rows}) > 1]
    known = {row for rows in across if any(splits[row] == "train" for row in rows) for row in rows}
    share = sum(splits[row] == "test" for row in known) / len(dataset.y_test)
    if not across:
        text = "no picture has a copy or a look-alike in another split"
        return Finding("leaks", Weight.FINE, f"{text}.")
    text = (
        f"{len(across)} groups of pictures that look alike lie in several splits; of {share:.1%} "
        "of the test pictures there is one in training"
    )
    if share <= MAX_LEAK:
        return Finding("leaks", Weight.NOTE, f"{text}. `grader data show` shows them.")
    return Finding(
        "leaks",
        Weight.FAULT,
        f"{text}. Expected at most {MAX_LEAK:.0%}, or the test measures memory. Import the "
        "pictures again: `grader data import` keeps such groups in one split.",
    )


def _contradictions(dataset: DataSet, likeness: np.ndarray) -> Finding:
    labels = all_labels(dataset)
    several = [rows for rows in groups(likeness) if len({int(labels[row]) for row in rows}) > 1]
    if not several:
        return Finding("labels", Weight.FINE, "no picture is given to two persons.")
    return Finding(
        "labels",
        Weight.NOTE,
        f"{len(several)} pictures, or ones that look like them, are given to two persons or more: "
        "some of these labels are wrong. `grader data show` shows them.",
    )


def _plain_pictures(dataset: DataSet) -> Finding:
    pictures = all_pictures(dataset).reshape(len(all_labels(dataset)), -1, 3)
    plain = int((np.ptp(pictures, axis=1).max(axis=1) <= 1).sum())
    share = plain / len(pictures)
    if not plain:
        return Finding("content", Weight.FINE, "every picture shows something.")
    weight = Weight.NOTE if share <= MAX_PLAIN else Weight.FAULT
    text = f"{plain} pictures ({share:.1%}) are of one colour and show nothing"
    limit = f" Expected at most {MAX_PLAIN:.0%}." if weight is Weight.FAULT else ""
    return Finding("content", weight, f"{text}.{limit} Leave them out and import again.")


def _brightness(dataset: DataSet) -> Finding:
    pictures = all_pictures(dataset)
    mean = float(pictures.mean())
    text = f"values from {pictures.min()} to {pictures.max()}, {mean:.0f} on average"
    if DARK <= mean <= BRIGHT:
        return Finding("brightness", Weight.FINE, f"{text}.")
    return Finding(
        "brightness",
        Weight.NOTE,
        f"{text}, which is very {'dark' if mean < DARK else 'bright'}. Check with `grader data "
        "show` that the pictures are as they should be.",
    )


def _names(dataset: DataSet) -> Finding:
    twice = [name for name, count in Counter(dataset.names).items() if count > 1]
    if not twice:
        return Finding("names", Weight.FINE, f"{_listed(dataset.names)}.")
    return Finding("names", Weight.NOTE, f"two persons have the same name: {_listed(twice)}.")


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:8])
    return f"{shown} and {len(names) - 8} more" if len(names) > 8 else shown  # noqa: PLR2004
