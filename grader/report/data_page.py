"""Telling: one page that shows a data set, with everything in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from data import DataSet
from data.dataset import SPLITS
from data.duplicates import groups
from data.fitness import Finding, all_labels, all_pictures, all_splits
from grader import __version__
from grader.files import write_atomically
from grader.report import figures
from grader.report.contact_sheets import Sheet, contact_sheet, mean_face
from grader.report.figures import Chart, Line, Tick
from grader.report.templating import make_environment, style

MAX_SHOWN = 6_000
MAX_PERSONS = 150
MAX_GROUPS = 24
MAX_IN_GROUP = 8
NUM_BINS = 32
LUMA = (0.299, 0.587, 0.114)  # ITU-R BT.601, as Pillow's mode L
_TICKS = (0, 64, 128, 192, 255)


@dataclass(frozen=True)
class SplitView:
    """One person's pictures in one split: how many, and a sheet of them or of the first of them."""

    name: str
    count: int
    num_shown: int
    sheet: Sheet | None


@dataclass(frozen=True)
class PersonView:
    """One person: the mean of all pictures, and the splits."""

    id: str
    name: str
    mean: Sheet
    splits: tuple[SplitView, ...]


@dataclass(frozen=True)
class GroupView:
    """Pictures that look alike, and where each of them is."""

    sheet: Sheet
    places: str
    num_more: int


def write_data_page(
    dataset: DataSet, likeness: np.ndarray, findings: Sequence[Finding], path: Path
) -> None:
    """Write the page of a data set to `path`; `likeness` and `findings` are of `data.fitness`."""
    write_atomically(path, data_page(dataset, likeness, findings))


def data_page(dataset: DataSet, likeness: np.ndarray, findings: Sequence[Finding]) -> str:
    """The page of a data set: findings, counts, brightness, look-alikes, and contact sheets."""
    pictures, labels = all_pictures(dataset), all_labels(dataset)
    found = groups(likeness)
    splits = all_splits(dataset)
    telling = [
        rows
        for rows in found
        if len({splits[row] for row in rows}) > 1 or len({int(labels[row]) for row in rows}) > 1
    ]
    return (
        make_environment()
        .get_template("data.html")
        .render(
            style=style("style.css", "data.css"),
            frame=figures,
            dataset=dataset,
            findings=findings,
            persons=list(_persons(dataset, pictures, labels)),
            num_more=max(0, len(dataset.names) - MAX_PERSONS),
            overall=mean_face(pictures),
            chart=brightness_chart(dataset),
            num_harmless=len(found) - len(telling),
            num_telling=len(telling),
            groups=[_group(rows, dataset, pictures) for rows in telling[:MAX_GROUPS]],
            version=__version__,
        )
    )


def brightness_chart(dataset: DataSet) -> Chart:
    """How bright the pixels are in each split: shares of 32 steps from black to white."""
    shares = {split: _brightness(getattr(dataset, f"x_{split}")) for split in SPLITS}
    top = max(float(values.max()) for values in shares.values())
    lines = [
        Line(split, _path(values, top), split, _label_y(position))
        for position, (split, values) in enumerate(shares.items())
    ]
    means = ", ".join(
        f"{split} {getattr(dataset, f'x_{split}').mean():.0f} on average" for split in SPLITS
    )
    return Chart(
        title="Brightness of the pixels",
        words=f"Brightness of the pixels from 0, black, to 255, white: {means}.",
        x_ticks=tuple(Tick(_x(value / 255), str(value)) for value in _TICKS),
        y_ticks=(Tick(figures.BOTTOM, "0"), Tick(figures.TOP, f"{top:.0%}")),
        lines=tuple(lines),
    )


def _persons(dataset: DataSet, pictures: np.ndarray, labels: np.ndarray) -> Iterator[PersonView]:
    shown = min(len(dataset.names), MAX_PERSONS)
    share = min(1.0, MAX_SHOWN / max(1, int((labels < shown).sum())))
    for label, name in enumerate(dataset.names[:shown]):
        yield PersonView(
            id=f"person-{label}",
            name=name,
            mean=mean_face(pictures[labels == label]),
            splits=tuple(_split(dataset, split, label, share) for split in SPLITS),
        )


def _split(dataset: DataSet, split: str, label: int, share: float) -> SplitView:
    rows = np.flatnonzero(getattr(dataset, f"y_{split}") == label)
    shown = rows[: max(1, round(len(rows) * share))]
    sheet = contact_sheet(getattr(dataset, f"x_{split}")[shown]) if len(shown) else None
    return SplitView(split, len(rows), len(shown), sheet)


def _group(rows: Sequence[int], dataset: DataSet, pictures: np.ndarray) -> GroupView:
    shown = rows[:MAX_IN_GROUP]
    labels, splits = all_labels(dataset), all_splits(dataset)
    places = ", ".join(f"{splits[row]} ({dataset.names[labels[row]]})" for row in shown)
    return GroupView(contact_sheet(pictures[list(shown)]), places, len(rows) - len(shown))


def _brightness(pictures: np.ndarray) -> np.ndarray:
    """The share of the pixels in each step of brightness, float64 (32,)."""
    counts = np.zeros(NUM_BINS, np.int64)
    for picture in pictures:
        counts += np.histogram(picture @ np.array(LUMA), bins=NUM_BINS, range=(0, 256))[0]
    return np.asarray(counts / counts.sum())


def _path(shares: np.ndarray, top: float) -> str:
    """Steps from left to right, as SVG path data."""
    places = [round(figures.BOTTOM - (figures.BOTTOM - figures.TOP) * v / top, 1) for v in shares]
    edges = [_x(index / NUM_BINS) for index in range(NUM_BINS + 1)]
    steps = "".join(f"V{y}H{x}" for y, x in zip(places, edges[1:], strict=True))
    return f"M{edges[0]} {figures.BOTTOM}{steps}V{figures.BOTTOM}"


def _x(share: float) -> float:
    return round(figures.LEFT + (figures.RIGHT - figures.LEFT) * share, 1)


def _label_y(position: int) -> float:
    return figures.TOP + 16.0 * position + 6
