"""Importing, step 5: all that an import has to say, as text for a file."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import numpy as np

from data.dataset import SPLITS, DataSet
from data.importing.assemble import Imported, LookAlikes
from data.importing.found import Skipped


def write_report(imported: Imported, path: Path) -> None:
    """Write counts, everything that was skipped and all look-alikes to `path`, in full."""
    path.write_text("\n".join(_lines(imported)) + "\n", "utf-8")


def by_reason(skipped: tuple[Skipped, ...]) -> list[tuple[str, list[str]]]:
    """Return the reasons in alphabetical order, each with what was skipped for it."""
    ordered = sorted(skipped, key=lambda entry: entry.reason)
    return [
        (reason, [entry.source for entry in entries])
        for reason, entries in groupby(ordered, key=lambda entry: entry.reason)
    ]


def counts(dataset: DataSet) -> list[tuple[str, tuple[int, ...]]]:
    """Return each person's number of pictures in training, validation and test."""
    tallies = [
        np.bincount(getattr(dataset, f"y_{split}"), minlength=len(dataset.names)).tolist()
        for split in SPLITS
    ]
    return list(zip(dataset.names, zip(*tallies, strict=True), strict=True))


def describe(group: LookAlikes) -> str:
    """Return the group in one line: what, whose, where, and the sources."""
    kind = "copies of one picture" if group.are_copies else "look alike"
    where = f"in {' and '.join(group.splits)}" if group.splits else "left out"
    return f"{len(group.sources)} {kind} ({', '.join(group.persons)}; {where}): " + ", ".join(
        group.sources
    )


def _lines(imported: Imported) -> Iterator[str]:
    dataset = imported.dataset
    yield f"{dataset.name}, sha256 {dataset.sha256}"
    yield ""
    yield "Pictures by person: " + ", ".join(SPLITS)
    for name, numbers in counts(dataset):
        yield f"  {name}: {', '.join(map(str, numbers))}"
    yield ""
    yield f"Not in the set: {len(imported.skipped)}"
    for reason, sources in by_reason(imported.skipped):
        yield f"  {reason} ({len(sources)}):"
        yield from (f"    {source}" for source in sources)
    yield ""
    yield f"Groups of pictures that look alike: {len(imported.look_alikes)}"
    yield from (f"  {describe(group)}" for group in imported.look_alikes)
