"""Measures the gradebook: a class of 1,000 kept and read back, and one commit in each journal mode.

    .venv/bin/python benchmarks/gradebook.py [--submissions N] [--folder FOLDER]

The modes are taken in turn, commit by commit, so that what else the machine does meets them all.
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from grader.gradebook import Gradebook, RunFacts
from grader.records import (
    AlignedRow,
    Check,
    CheckName,
    DataFacts,
    Grade,
    History,
    Match,
    Outcome,
    PartGrade,
    Row,
    Source,
    Splits,
    Student,
    Submission,
    Training,
    WrongImage,
)

PARTS = ("fc_a", "fc_b", "cnn_a", "cnn_b", "cnn_c")
MODES = {
    "DELETE, EXTRA": ("DELETE", "EXTRA"),
    "DELETE, FULL": ("DELETE", "FULL"),
    "WAL, FULL": ("WAL", "FULL"),
}
COMMITS = 200
FACTS = RunFacts("0", DataFacts("none", "0" * 64, ()), None, {}, "none", PARTS, {})


def graded(name: str) -> Grade:
    """A grade as large as a real one: five parts of 15 rows, trained for 30 epochs."""
    row = Row("Conv2D", (None, 48, 48, 32), 896)
    curve = tuple(number / 7 for number in range(30))
    parts = []
    for part in PARTS:
        training = Training(
            key=part,
            outcome=Outcome.PASSED,
            accuracy=Splits(1.0, 0.7, 0.7),
            loss=Splits(0.0, 1.0, 1.0),
            epochs=30,
            seconds=60.0,
            cpu_seconds=60.0,
            seed=1,
            threads=1,
            history=History(curve, curve, curve, curve),
            confusion=((50,) * 8,) * 8,
            wrong=(WrongImage(1, 2, 3, 0.5),) * 120,
        )
        checks = tuple(
            Check(name, Outcome.PASSED, 1.0, 1.0, "As it should be.") for name in CheckName
        )
        rows = (AlignedRow(Match.SAME, row, row),) * 15
        parts.append(
            PartGrade(part, Outcome.PASSED, 5.0, 5.0, checks, rows=rows, training=training)
        )
    return Grade(name, Student(name), 25.0, 25.0, tuple(parts), f"students/{name}/index.html")


def submission(name: str) -> Submission:
    """Five files of one student."""
    sources = {part: (Source(part, f"{part}.py", name.encode() * 99),) for part in PARTS}
    return Submission(name, Student(name), sources, place=f"/class/{name}")


def timed(what: str, action: Callable[[], object]) -> None:
    """Say how long this takes."""
    start = time.perf_counter()
    action()
    print(f"| {what} | {time.perf_counter() - start:.2f} s |")


def measure_class(folder: Path, num_submissions: int) -> None:
    """Keep a class and read it back."""
    names = [f"student_{number:04}" for number in range(num_submissions)]
    grades = [graded(name) for name in names]
    found = [submission(name) for name in names]
    with Gradebook.open(folder) as book:
        book.begin_run(FACTS)
        print(f"\n| {num_submissions} submissions of five parts | |\n|---|---|")
        timed("take stock, all new", lambda: book.take_stock(found, ["/class"]))
        timed("take stock, all the same", lambda: book.take_stock(found, ["/class"]))
        timed("keep each grade", lambda: [book.keep_grade(grade) for grade in grades])
        timed("keep each again, nothing new", lambda: [book.keep_grade(grade) for grade in grades])
        timed("read all grades", book.run)
        size = (folder / "gradebook.sqlite").stat().st_size
    print(f"| the file | {size / 2**20:.1f} MiB |")


def measure_modes(folder: Path) -> None:
    """The time of a commit of one training, mode beside mode."""
    connections = {}
    for name, (journal, synchronous) in MODES.items():
        connection = sqlite3.connect(folder / f"{name}.sqlite", isolation_level=None)
        connection.execute(f"PRAGMA journal_mode = {journal}")
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        connection.execute("CREATE TABLE training (key INTEGER PRIMARY KEY, record TEXT)")
        connections[name] = connection
    seconds: dict[str, list[float]] = {name: [] for name in MODES}
    for number in range(COMMITS):
        for name, connection in connections.items():
            start = time.perf_counter()
            connection.execute("INSERT INTO training VALUES (?, ?)", (number, "x" * 10_000))
            seconds[name].append(time.perf_counter() - start)
    print(f"\n| one commit, of {COMMITS} | median | 95% |\n|---|---|---|")
    for name, taken in seconds.items():
        middle, high = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
        print(f"| {name} | {1000 * middle:.1f} ms | {1000 * high:.1f} ms |")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--submissions", type=int, default=1000)
    parser.add_argument("--folder", type=Path, help="a disk to measure; else the temporary folder")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        measure_modes(Path(folder))
        measure_class(Path(folder), arguments.submissions)


if __name__ == "__main__":
    main()
