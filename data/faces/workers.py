"""Drawing, step 12: several processes share the pictures of a set.

Worker k of n draws every n-th picture, from the k-th on, and writes the pixels to its standard
output. These are plain child processes, because `multiprocessing` would import the caller's main
script once more in each of them.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np

from data.faces.draw import PIXELS
from data.faces.plan import Counts, Job, plan

SHAPE = (PIXELS, PIXELS, 3)
PICTURE_BYTES = PIXELS * PIXELS * 3


def draw_all(jobs: list[Job], seed: int, counts: Counts, processes: int) -> Iterator[np.ndarray]:
    """Yield the pictures of `jobs` in order, uint8 (48, 48, 3), drawn by so many processes."""
    if processes <= 1:
        yield from (job.draw(seed) for job in jobs)
        return
    workers = [_start(seed, counts, k, processes) for k in range(processes)]
    try:
        for row, job in enumerate(jobs):
            pixels = _receive(workers[row % processes])
            # A worker that could not start or was ended leaves its pictures to this process.
            yield job.draw(seed) if pixels is None else pixels
    finally:
        for worker in workers:
            worker.kill()
            worker.communicate()


def run_worker(arguments: list[str], out: BinaryIO) -> None:
    """Draw one worker's share and write its pixels to `out`; the other end of `_start`."""
    seed, train, valid, test, first, step = map(int, arguments)
    for job in plan(seed, Counts(train, valid, test))[first::step]:
        out.write(job.draw(seed).tobytes())
        out.flush()


def _start(seed: int, counts: Counts, first: int, step: int) -> subprocess.Popen[bytes]:
    numbers = (seed, counts.train, counts.valid, counts.test, first, step)
    return subprocess.Popen(
        [sys.executable, "-m", "data.faces.workers", *map(str, numbers)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # Not the caller's folder, which may hold a `data` of its own.
        cwd=Path(__file__).resolve().parents[2],
    )


def _receive(worker: subprocess.Popen[bytes]) -> np.ndarray | None:
    pixels = worker.stdout.read(PICTURE_BYTES) if worker.stdout else b""
    if len(pixels) < PICTURE_BYTES:
        return None
    return np.frombuffer(pixels, np.uint8).reshape(SHAPE)


if __name__ == "__main__":
    run_worker(sys.argv[1:], sys.stdout.buffer)
