"""Measures the pages: 300 students written from a gradebook, a class of 1,000 opened in Chromium.

    .venv/bin/python benchmarks/pages.py [--students 300] [--large 1000] [--different]

The students are the invented ones of the tests. With --different no two of them share a training,
so that every figure has to be drawn.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from grader.cli.rendering import write_all
from grader.gradebook import Gradebook, RunFacts
from grader.records import Grade, Run, Source, Submission
from grader.report.writing import write_class_page
from tests.report.browsing import chromium, show
from tests.report.made_class import all_parts, made_class

# Twice around: the page is on the screen when the browser comes back from painting it.
PAINTED = """
const done = arguments[arguments.length - 1];
requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())));
"""
OPENINGS = 5


def main() -> None:
    """Measure and print Markdown."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--students", type=int, default=300)
    parser.add_argument("--large", type=int, default=1000)
    parser.add_argument("--different", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        run = made_class(arguments.students)
        print("| pages | on the clock | of all processors | size |\n|---|---|---|---|")
        write_from_gradebook(apart(run) if arguments.different else run, Path(name) / "class")
        open_class_page(made_class(arguments.large), Path(name))


def apart(run: Run) -> Run:
    """The run with a training of its own for each part of each student."""
    return replace(run, grades=tuple(_alone(grade) for grade in run.grades))


def write_from_gradebook(run: Run, folder: Path) -> None:
    """All pages and results.json, as `grader report` writes them."""
    folder.mkdir()
    with Gradebook.open(folder) as book:
        parts = tuple(all_parts())
        book.begin_run(RunFacts("0", run.data, None, dict(run.versions), "none", parts, {}))
        book.take_stock([_submission(grade) for grade in run.grades], ["/class"])
        for grade in run.grades:
            book.keep_grade(grade)
    start, cpu = time.perf_counter(), time.process_time()
    write_all(folder)
    seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - cpu
    size = sum(page.stat().st_size for page in folder.rglob("*.html"))
    print(
        f"| {len(run.grades)} students, from the gradebook | {seconds:.1f} s | {cpu_seconds:.1f} s "
        f"| {size / 1e6:.0f} MB |"
    )


def open_class_page(run: Run, folder: Path) -> None:
    """The page of a class until it is painted, its script done; several times."""
    start, cpu = time.perf_counter(), time.process_time()
    page = write_class_page(run, folder, all_parts())
    seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - cpu
    size = page.stat().st_size / 1e6
    print(
        f"| class page of {len(run.grades)} | {seconds:.1f} s | {cpu_seconds:.1f} s "
        f"| {size:.2f} MB |"
    )
    taken = []
    with chromium(folder / "chromium") as browser:
        for _ in range(OPENINGS):
            show(browser, page, 1280, "light")
            taken.append(browser.execute_async_script(PAINTED) / 1000)
    told = ", ".join(f"{seconds:.2f}" for seconds in taken)
    print(f"\nOpened in Chromium, the first time and again: {told} s.")


def _alone(grade: Grade) -> Grade:
    parts = (
        replace(part, training=replace(part.training, key=f"{grade.submission}{part.part}"))
        if part.training
        else part
        for part in grade.parts
    )
    return replace(grade, parts=tuple(parts))


def _submission(grade: Grade) -> Submission:
    sources = {
        part.part: (Source(part.part, f"{part.part}.py", grade.submission.encode()),)
        for part in grade.parts
    }
    return Submission(grade.submission, grade.student, sources, place=f"/{grade.submission}")


if __name__ == "__main__":
    main()
