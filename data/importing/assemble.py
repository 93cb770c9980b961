"""Importing, step 4: pictures become a data set, with what is to be said about it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from data.check import MAX_CLASSES
from data.dataset import SPLITS, DataError, DataSet, make_dataset
from data.duplicates import copies, groups, look_alikes
from data.importing.found import Picture, Skipped, natural
from data.importing.splitting import MIN_UNITS, Item, split


@dataclass(frozen=True)
class LookAlikes:
    """Pictures that show the same: where they come from, and where they went."""

    sources: tuple[str, ...]
    persons: tuple[str, ...]
    splits: tuple[str, ...]
    are_copies: bool


@dataclass(frozen=True)
class Imported:
    """A data set, with what did not enter it and which of its pictures look alike."""

    dataset: DataSet
    skipped: tuple[Skipped, ...]
    look_alikes: tuple[LookAlikes, ...]


def assemble(
    pictures: Sequence[Picture],
    name: str,
    skipped: Sequence[Skipped] = (),
    advance: Callable[[], None] = lambda: None,
) -> Imported:
    """Return the data set of these pictures, split for training, validation and test.

    The same pictures give the same set. `advance` is called once for each picture. Raises
    `DataError` when fewer than two persons have enough pictures.
    """
    pixels = np.array([picture.pixels for picture in pictures], np.uint8)
    if not len(pixels):
        raise DataError(f"{name}: found no picture that can be read{_first(skipped)}.")
    same, like = copies(pixels), look_alikes(pixels, advance)
    items = [
        Item(picture.person, hashlib.sha256(picture.pixels.tobytes()).hexdigest(), copy, look)
        for picture, copy, look in zip(pictures, same.tolist(), like.tolist(), strict=True)
    ]
    splits = split(items)
    skipped = (*skipped, *_left_out(pictures, splits))
    persons = sorted({p.person for p, s in zip(pictures, splits, strict=True) if s is not None})
    persons.sort(key=natural)
    _check_persons(persons, name, skipped)
    # By digest, which is as good as shuffled.
    order = sorted(range(len(items)), key=lambda row: (items[row].digest, pictures[row].source))
    labels = {person: label for label, person in enumerate(persons)}
    arrays: dict[str, np.ndarray] = {}
    for index, key in enumerate(SPLITS):
        rows = [row for row in order if splits[row] == index]
        arrays[f"x_{key}"] = pixels[rows]
        arrays[f"y_{key}"] = np.array([labels[pictures[row].person] for row in rows])
    dataset = make_dataset(arrays, names=persons, name=name)
    found = [_describe(rows, pictures, splits, same) for rows in groups(like)]
    return Imported(dataset, skipped, tuple(found))


def _describe(
    rows: Sequence[int],
    pictures: Sequence[Picture],
    splits: Sequence[int | None],
    same: np.ndarray,
) -> LookAlikes:
    placed = {split for row in rows if (split := splits[row]) is not None}
    return LookAlikes(
        sources=tuple(pictures[row].source for row in rows),
        persons=tuple(sorted({pictures[row].person for row in rows}, key=natural)),
        splits=tuple(SPLITS[index] for index in sorted(placed)),
        are_copies=len({int(same[row]) for row in rows}) == 1,
    )


def _left_out(pictures: Sequence[Picture], splits: Sequence[int | None]) -> list[Skipped]:
    counts = Counter(
        picture.person for picture, split in zip(pictures, splits, strict=True) if split is None
    )
    return [
        Skipped(
            person,
            f"left out: fewer than {MIN_UNITS} different pictures of this person "
            f"({count} in all), and each split needs one",
        )
        for person, count in counts.items()
    ]


def _check_persons(persons: Sequence[str], name: str, skipped: Sequence[Skipped]) -> None:
    if len(persons) < 2:  # noqa: PLR2004 - two are the fewest that can be told apart
        raise DataError(
            f"{name}: found {len(persons)} persons with at least {MIN_UNITS} different pictures, "
            f"expected at least two{_first(skipped)}. Add pictures."
        )
    if len(persons) > MAX_CLASSES:
        raise DataError(
            f"{name}: found {len(persons):,} persons, expected at most {MAX_CLASSES:,}. "
            "Choose some with --persons."
        )


def _first(skipped: Sequence[Skipped]) -> str:
    if not skipped:
        return ""
    more = f" and {len(skipped) - 1} more like that" if len(skipped) > 1 else ""
    return f" ({skipped[0].source} {skipped[0].reason}{more})"
