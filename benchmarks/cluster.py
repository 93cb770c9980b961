"""What a Dask scheduler costs: a class by its workers against the same class by the local pool.

    python benchmarks/cluster.py --students 60 --slots 2 --repeats 3 --no-train

grades a generated class on this machine with so many slots, in turns with `--jobs` and with as many
workers of a scheduler of its own, each time from nothing, and prints the seconds and their ratio
pair by pair. Workers and scheduler have started before.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from benchmarks.interrupted_class import make_class, outcome_in, start


class Cluster:
    """A scheduler on this machine, and workers of one thread each that come when asked for."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        """Logs go to `folder`; what was started is killed when the stack is left."""
        self._folder = folder
        self._stack = stack
        facts = folder / "scheduler.json"
        self.scheduler = self._start("scheduler", "--port", "0", "--scheduler-file", str(facts))
        _until(facts.exists)
        self.address = str(json.loads(facts.read_bytes())["address"])
        self.workers: list[subprocess.Popen[bytes]] = []

    def add_workers(self, count: int, **environment: str) -> None:
        """Start so many, and wait until the scheduler knows all that were started."""
        for _ in range(count):
            options = ("--nthreads", "1", "--no-nanny", "--local-directory", str(self._folder))
            self.workers.append(self._start("worker", self.address, *options, **environment))
        log = self._folder / "scheduler.log"
        _until(lambda: log.read_text("utf-8").count("Register worker") >= len(self.workers))

    def _start(self, kind: str, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        module = f"distributed.cli.dask_{kind}"
        with (self._folder / f"{kind}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments, "--host", "127.0.0.1", "--no-dashboard"],
                env={**os.environ, **environment},
                stderr=log,
            )
        self._stack.callback(process.wait)
        self._stack.callback(process.kill)
        return process


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.1)


def seconds(submissions: Path, folder: Path, options: Sequence[str]) -> float:
    """How long grading the class took, from nothing."""
    began = time.monotonic()
    code = start(submissions, folder / "out", folder / "cache", options).wait()
    if code:
        raise RuntimeError(f"grader grade ended with {code}")
    return time.monotonic() - began


def main() -> None:
    """Grade the class in turns, and print a line for each pair."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--students", type=int, default=60)
    parser.add_argument("--slots", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--no-train", action="store_true")
    arguments = parser.parse_args()
    common = ["--no-train"] if arguments.no_train else []
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        make_class(folder / "in", arguments.students)
        cluster = Cluster(folder, stack)
        cluster.add_workers(arguments.slots)
        options = {
            "pool": ["--jobs", str(arguments.slots)],
            "dask": ["--scheduler", cluster.address],
        }
        ratios = []
        for number in range(arguments.repeats):
            took = {
                kind: seconds(folder / "in", folder / f"{kind}_{number}", [*common, *how])
                for kind, how in options.items()
            }
            pool, dask = (outcome_in(folder / f"{kind}_{number}" / "out") for kind in options)
            ratios.append(took["dask"] / took["pool"])
            print(
                f"pool {took['pool']:.1f} s, dask {took['dask']:.1f} s, ratio {ratios[-1]:.2f}, "
                f"{'same results' if pool == dask else 'NOT THE SAME'}",
                flush=True,
            )
        print(f"median ratio {statistics.median(ratios):.2f}")


if __name__ == "__main__":
    main()
