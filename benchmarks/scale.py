"""What classes of 1,000 to 100,000 submissions would cost: a simulation from measured rates.

    .venv/bin/python benchmarks/scale.py [--slots N ...]

Students are drawn at random by a stated distribution of what a table leaves free; what they hand in
is described, rebuilt and trained as the batch does, the longest training first, on so many slots.
What one process does alone, whatever the slots, is added up beside it: handing out tasks, keeping
results, writing pages. The rates are those of this project's other benchmarks on the machine that
docs/performance.md names; nothing larger was measured than stands there.
"""

from __future__ import annotations

import argparse
import heapq
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# Seconds of one core, from docs/performance.md.
DESCRIBE_SECONDS = 0.13
REBUILD_SECONDS = 0.1
TRAIN_SECONDS = {"fc_a": 2.0, "fc_b": 8.3, "cnn_a": 137.0, "cnn_b": 142.0, "cnn_c": 154.0}
# Of the one process that keeps the book: for each task handed out to a Dask scheduler, for each
# submission that is graded and kept, for each page.
HAND_OUT_SECONDS = 0.0036
KEEP_SECONDS = 0.02
PAGE_SECONDS = 0.03
CLASS_PAGE_BYTES = 450

# How students choose: the share that is right, that copies a file as it is, and what the right ones
# write where the table says nothing. Shares of a choice add up to 1.
RIGHT = 0.75
SAME_FILE = 0.05
INITIALIZERS = {"he_normal": 0.7, "default": 0.2, "he_uniform": 0.07, "other": 0.03}
ACTIVATIONS = {"relu": 0.95, "elu": 0.03, "leaky_relu": 0.02}
DROPOUTS = {"0.3": 0.6, "0.5": 0.15, "0.25": 0.1, "0.2": 0.1, "0.4": 0.05}
OPTIMIZERS = {"protocol": 0.85, "adam 1e-4": 0.08, "rmsprop": 0.05, "sgd": 0.02}
# Something that nobody else has: a regularizer, an initializer with a number of its own.
OWN = 0.01


@dataclass(frozen=True)
class Load:
    """What a class amounts to; trainings are seconds of one core each."""

    num_files: int
    num_networks: int
    trainings: tuple[float, ...]


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--slots", type=int, nargs="+", default=[2, 16, 128, 1024])
    parser.add_argument("--students", type=int, nargs="+", default=[100, 1_000, 10_000, 100_000])
    arguments = parser.parse_args()
    print(
        "| students | networks | slots | describing | training | handing out | keeping | pages "
        "| class page | first wall |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    for students in arguments.students:
        load = drawn(students, random.Random(students))  # noqa: S311 - a simulation
        for slots in arguments.slots:
            print(row(students, load, slots), flush=True)


def drawn(num_students: int, rng: random.Random) -> Load:
    """The different files and networks of a class of so many students."""
    files, networks = 0, set[tuple[str, ...]]()
    for student in range(num_students):
        for part in TRAIN_SECONDS:
            files += rng.random() >= SAME_FILE
            if rng.random() < RIGHT:
                networks.add((part, *_choices(part, student, rng)))
    seconds = sorted((TRAIN_SECONDS[part] for part, *_ in networks), reverse=True)
    return Load(files, len(networks), tuple(seconds))


def _choices(part: str, student: int, rng: random.Random) -> Iterator[str]:
    free = [INITIALIZERS, OPTIMIZERS]
    if part != "fc_a":
        free.append(ACTIVATIONS)
    if part in {"cnn_b", "cnn_c"}:
        free.append(DROPOUTS)
    for shares in free:
        yield rng.choices(list(shares), list(shares.values()))[0]
    yield str(student) if rng.random() < OWN else ""


def row(num_students: int, load: Load, num_slots: int) -> str:
    """A line of the table: the time of each kind of work, and which of them is the longest."""
    tasks = load.num_files + 2 * load.num_networks
    seconds = {
        "describing": (load.num_files * DESCRIBE_SECONDS + load.num_networks * REBUILD_SECONDS)
        / num_slots,
        "training": makespan(load.trainings, num_slots),
        "handing out": tasks * HAND_OUT_SECONDS,
        "keeping": num_students * KEEP_SECONDS,
        "pages": num_students * PAGE_SECONDS,
    }
    longest = max(seconds, key=lambda kind: seconds[kind])
    times = " | ".join(_duration(time) for time in seconds.values())
    page = f"{num_students * CLASS_PAGE_BYTES / 1e6:.1f} MB"
    return (
        f"| {num_students:,} | {load.num_networks:,} | {num_slots:,} | {times} | {page} "
        f"| {longest} |"
    )


def makespan(trainings: Iterable[float], num_slots: int) -> float:
    """When the last one is done, given out in this order to whoever is free."""
    slots = [0.0] * num_slots
    for seconds in trainings:
        heapq.heapreplace(slots, slots[0] + seconds)
    return max(slots)


def _duration(seconds: float) -> str:
    for unit, length in (("h", 3600), ("min", 60)):
        if seconds >= 1.5 * length:
            return f"{seconds / length:.1f} {unit}"
    return f"{seconds:.0f} s"


if __name__ == "__main__":
    main()
