"""Where the time goes between a student's key press and the first difference, and to the accuracy.

    .venv/bin/python benchmarks/students_loop.py [--rounds N]

`pytest exercises/faces_cnn/cnn_a.py` runs in a copy of the exercises: with a wrong network, with
the same file again, and with a right network that was trained before. In turns with them runs
`import keras`, which is what the times are told in. All are seconds on the clock, medians of the
rounds: what runs side by side can be told in no other way, so the machine has to be idle. Last
comes `grader watch`: from a save to the first line about it.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PART = Path("faces_cnn", "cnn_a.py")
DIFFERENCE = "first difference"
_MARKS = "STUDENTS_LOOP_MARKS"
# Calls whose beginning and end are marked, from the student's pytest process.
_WATCHED = {
    "grader.sandbox.launcher": ("Sandbox", ("describe",)),
    "grader.training.worker": ("Worker", ("rebuild", "train")),
    "grader.pytest_plugin.session": ("GradingSession", ("start", "finish")),
}


def pytest_configure() -> None:
    """In the student's pytest: mark when it begins, and when the watched calls begin and end."""
    import importlib

    _mark("pytest has started")
    for name, (cls, methods) in _WATCHED.items():
        owner = getattr(importlib.import_module(name), cls)
        for method in methods:
            setattr(owner, method, _marked(getattr(owner, method), method))


def pytest_collection_finish() -> None:
    """In the student's pytest."""
    _mark("collected")


def _marked(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    def call(*arguments: Any, **keywords: Any) -> Any:  # noqa: ANN401 - whatever it is
        _mark(f"{name} begins")
        try:
            return function(*arguments, **keywords)
        finally:
            _mark(f"{name} ends")

    return call


def _mark(what: str) -> None:
    with Path(os.environ[_MARKS]).open("a", encoding="utf-8") as file:
        print(json.dumps([what, time.time()]), file=file)


def main() -> None:
    """Measure and print tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    right = (ROOT / "solutions" / PART).read_text("utf-8")
    wrong = right.replace('padding="same"', 'padding="valid"', 1)
    if wrong == right:
        raise RuntimeError("the solution is not as it was: there is nothing to make wrong")
    times: dict[str, list[list[tuple[str, float]]]] = {"wrong": [], "again": []}
    imports: list[float] = []
    watched: list[float] = []
    for _ in range(rounds):
        with _project() as folder:
            imports.append(_seconds([sys.executable, "-c", "import keras"], folder))
            (folder / "exercises" / PART).write_text(wrong, "utf-8")
            times["wrong"].append(_run(folder))
            times["again"].append(_run(folder))
            watched.append(_watch(folder, right, wrong))
    keras = median(imports)
    print(f"`import keras` with TensorFlow: {keras:.2f} s; medians of {rounds} rounds\n")
    for title, runs in times.items():
        _tell(title, runs, keras)
    print(f"`grader watch`, from a save to its first difference: {median(watched):.2f} s")


def _tell(title: str, runs: list[list[tuple[str, float]]], keras: float) -> None:
    print(f"| {title} | s | `import keras` |")
    print("|---|---|---|")
    for index, (what, _) in enumerate(runs[0]):
        seconds = median(run[index][1] for run in runs)
        print(f"| {what} | {seconds:.2f} | {seconds / keras:.2f} |")
    print(flush=True)


@contextmanager
def _project() -> Iterator[Path]:
    """A student's copy of the project, without anything that was found out before."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(ROOT / "exercises", folder / "exercises")
        for file in ("conftest.py", "pyproject.toml"):
            shutil.copy(ROOT / file, folder)
        yield folder


def _environment(folder: Path) -> dict[str, str]:
    return os.environ | {
        "GRADER_CACHE": str(folder / "cache"),
        "PYTHONPATH": str(ROOT),
        _MARKS: str(folder / "marks"),
        "PYTHONUNBUFFERED": "1",
    }


def _seconds(command: list[str], folder: Path) -> float:
    started = time.perf_counter()
    subprocess.run(command, cwd=folder, env=_environment(folder), check=True, capture_output=True)
    return time.perf_counter() - started


def _run(folder: Path) -> list[tuple[str, float]]:
    """What happened when, in seconds from the start of pytest."""
    marks = folder / "marks"
    marks.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", "-p", "benchmarks.students_loop"]
    started = time.time()
    shown = 0.0
    with subprocess.Popen(
        [*command, str(Path("exercises") / PART)],
        cwd=folder,
        env=_environment(folder),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        for line in process.stdout or ():
            if DIFFERENCE in line and not shown:
                shown = time.time()
    happened = [json.loads(line) for line in marks.read_text("utf-8").splitlines()]
    happened += [("first difference shown", shown), ("the end", time.time())]
    return [(what, moment - started) for what, moment in happened]


def _watch(folder: Path, right: str, wrong: str) -> float:
    """Seconds from a save to the first line that tells its difference, with everything warm."""
    file = folder / "exercises" / PART
    with subprocess.Popen(
        [sys.executable, "-c", "from grader.cli import main; main()", "watch", "exercises"],
        cwd=folder,
        env=_environment(folder),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        lines = iter(process.stdout or ())
        next(line for line in lines if line.startswith(("x cnn_a", "+ cnn_a", "- cnn_c")))
        # The first save waits until both processes are warm.
        time.sleep(1)
        file.write_text(right, "utf-8")
        next(line for line in lines if "trains it" in line)
        started = time.perf_counter()
        file.write_text(wrong + "\n", "utf-8")
        next(line for line in lines if "table" in line and "yours" in line)
        taken = time.perf_counter() - started
        process.kill()
    return taken


if __name__ == "__main__":
    main()
