"""What describing a submission of five parts costs in a warm sandbox: at most 1.5 s is promised.

Run it from the project's folder: `.venv/bin/python benchmarks/sandbox.py [REPEATS]`. Told are
medians, with the longest in brackets: CPU time of all processes together, which on a free machine
is the time that one core is busy, and the time that passed, which is more where others compute.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from grader.sandbox.jobs import Ending, Job
from grader.sandbox.launcher import Sandbox
from grader.sandbox.rungs import means, sentence
from grader.sheets import load_sheets

REPEATS = 15
TICKS_PER_SECOND = 100
EMPTY = b"def build_model():\n    pass\n"


def main(repeats: int) -> None:
    """Measures and prints."""
    found = means()
    print(f"{sentence(found)}; {repeats} repeats")
    jobs = [
        Job(
            part.id,
            f"{part.id}.py",
            Path("solutions", part.sheet, f"{part.id}.py").read_bytes(),
            part.input_shape,
        )
        for sheet in load_sheets()
        for part in sheet.parts
    ]
    with Sandbox(found=found) as sandbox:
        empty = Job("fc_a", "fc_a.py", EMPTY, (3,))
        tell("start of the server", [measure(lambda: describe(sandbox, [empty]))])
        tell("fork, confinement and an empty reply", repeated(sandbox, [empty], repeats))
        for job in jobs:
            tell(job.part, repeated(sandbox, [job], repeats))
        tell("a submission of five parts", repeated(sandbox, jobs, repeats))


def repeated(sandbox: Sandbox, jobs: list[Job], repeats: int) -> list[tuple[float, float]]:
    """What these jobs, one after the other, cost each time."""
    return [measure(lambda: describe(sandbox, jobs)) for _ in range(repeats)]


def describe(sandbox: Sandbox, jobs: list[Job]) -> None:
    """Describes each; raises RuntimeError where one has no answer."""
    for job in jobs:
        ending = sandbox.describe(job).ending
        if ending is not Ending.ANSWERED:
            raise RuntimeError(f"{job.part} ended with {ending}")


def measure(work: Callable[[], None]) -> tuple[float, float]:
    """CPU seconds of this process and its descendants, and the seconds that passed."""
    cpu, clock = cpu_seconds(), time.perf_counter()
    work()
    return cpu_seconds() - cpu, time.perf_counter() - clock


def cpu_seconds() -> float:
    """What this process, its living descendants and those that they waited for have used."""
    tasks = [Path("/proc/self").resolve()]
    ticks = 0
    while tasks:
        task = tasks.pop()
        fields = (task / "stat").read_text("utf-8").rpartition(")")[2].split()
        ticks += sum(int(field) for field in fields[11:15])
        for children in task.glob("task/*/children"):
            tasks += [Path("/proc", child) for child in children.read_text("ascii").split()]
    return ticks / TICKS_PER_SECOND


def tell(what: str, costs: list[tuple[float, float]]) -> None:
    """Prints a line."""
    cpu, clock = zip(*costs, strict=True)
    print(
        f"{what:38} CPU {statistics.median(cpu):5.2f} s ({max(cpu):.2f})   "
        f"clock {statistics.median(clock):5.2f} s ({max(clock):.2f})"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else REPEATS)
