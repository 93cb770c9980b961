"""A class whose grader is killed again and again comes to the same as one that is left in peace.

    python benchmarks/interrupted_class.py --students 300 --every 20 --no-train

grades a generated class undisturbed and then with a `kill -9` every so many seconds, and says
whether results, and what was done for them, are the same. Each of the two has a cache of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

_HEAD = "import keras\nfrom keras import layers\n\n\ndef build_model():\n"
_FLAT = "    return keras.Sequential([keras.Input((6912,)), {}])\n"
# A shell has its jobs in the background ignore Ctrl-C, and they hand that on.
_GRADER = (
    "import signal\n"
    "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    "from grader.cli import main\n"
    "main()\n"
)
# What students of part fc_a may write: right in several spellings, wrong, broken.
_SPELLINGS = (
    _HEAD + _FLAT.format('layers.Dense(8), layers.Activation("softmax")'),
    _HEAD + _FLAT.format('layers.Dense(8, activation="softmax")'),
    _HEAD + _FLAT.format('layers.Dense(8, kernel_initializer="he_normal", activation="softmax")'),
    _HEAD + _FLAT.format('layers.Dense(9), layers.Activation("softmax")'),
    _HEAD + _FLAT.format('layers.Dense(8), layers.Activation("relu")'),
    _HEAD + "    retrun 1\n",
    _HEAD + "    raise KeyError('x')\n",
    "ANSWER = 'no network at all'\n",
)


@dataclass(frozen=True)
class Outcome:
    """What is left of a class: results without times, and how often each piece of work was done."""

    results: Any
    work: Mapping[str, int]


def make_class(folder: Path, num_students: int) -> None:
    """Write that many submissions; every third one differs from all others by a comment."""
    for number in range(num_students):
        file = folder / f"student_{number:04}" / "fc_a.py"
        file.parent.mkdir(parents=True)
        unique = f"# {number}\n" if number % 3 == 0 else ""
        file.write_text(unique + _SPELLINGS[number % len(_SPELLINGS)], "utf-8")


def start(folder: Path, out: Path, cache: Path, options: Sequence[str]) -> subprocess.Popen[bytes]:
    """The grader, at work on the class."""
    return subprocess.Popen(
        [
            *(sys.executable, "-c", _GRADER),
            *("grade", str(folder), "-o", str(out), "--part", "fc_a", "--quiet", *options),
        ],
        env={**os.environ, "GRADER_CACHE": str(cache)},
    )


def outcome_in(out: Path) -> Outcome:
    """What stands in the folder of a class."""
    results = json.loads((out / "results.json").read_bytes(), object_hook=_without_times)
    with sqlite3.connect(out / "gradebook.sqlite") as gradebook:
        rows = gradebook.execute(
            "SELECT kind || ' ' || coalesce(submission, detail), count(*) FROM event "
            "WHERE kind IN ('described', 'trained', 'graded', 'regraded') GROUP BY 1"
        )
        return Outcome(results, dict(rows.fetchall()))


def killed_until_done(
    run: Callable[[], subprocess.Popen[bytes]], moments: Iterator[Callable[[], bool]]
) -> list[int]:
    """Run and kill it at each of these moments until it ends by itself; its exit codes.

    A moment is something that comes true. Raises RuntimeError where a process is left over.
    """
    codes = []
    while True:
        process = run()
        is_time = next(moments)
        while process.poll() is None and not is_time():
            time.sleep(0.02)
        started = descendants(process.pid)
        process.kill()
        codes.append(process.wait())
        require_gone(started)
        if codes[-1] != -signal.SIGKILL:
            return codes


def descendants(pid: int) -> dict[int, str]:
    """All living processes that descend from this one, each with the time when it started."""
    stats: dict[int, list[str]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                text = (folder / "stat").read_text("utf-8", "replace")
            except OSError:
                continue
            stats[int(folder.name)] = text.rpartition(")")[2].split()
    found: dict[int, str] = {}
    while more := {
        one: stat[19]
        for one, stat in stats.items()
        if stat[0] != "Z" and int(stat[1]) in {pid, *found} and one not in found
    }:
        found |= more
    return found


def require_gone(processes: Mapping[int, str], seconds: float = 20.0) -> None:
    """Wait until none of these is alive any more; raises RuntimeError where one stays."""
    deadline = time.monotonic() + seconds
    while left := [pid for pid, started in processes.items() if _is_alive(pid, started)]:
        if time.monotonic() > deadline:
            raise RuntimeError(f"{len(left)} processes outlive the grader: {left}")
        time.sleep(0.1)


def memory_mib(pid: int) -> float:
    """What this process and all that descend from it hold; what they share counts once."""
    total = 0
    for one in [pid, *descendants(pid)]:
        try:
            lines = Path(f"/proc/{one}/smaps_rollup").read_text("ascii").splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def _is_alive(pid: int, started: str) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return False
    return stat[0] != "Z" and stat[19] == started


def _without_times(document: dict[str, Any]) -> dict[str, Any]:
    return {
        key: re.sub(r" in \d+ s", "", value) if key == "message" else value
        for key, value in document.items()
        if key != "seconds"
    }


def _every(seconds: float) -> Iterator[Callable[[], bool]]:
    while True:
        yield partial(_has_come, time.monotonic() + seconds)


def _has_come(moment: float) -> bool:
    return time.monotonic() >= moment


def main() -> None:
    """Grade the class twice and compare."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--students", type=int, default=300)
    parser.add_argument("--every", type=float, default=20.0, help="seconds between two kills")
    parser.add_argument("--no-train", action="store_true")
    arguments = parser.parse_args()
    options = ["--no-train"] if arguments.no_train else []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_class(folder / "in", arguments.students)
        outcomes = {}
        for kind in ("undisturbed", "killed"):
            out, cache = folder / kind, folder / f"cache_{kind}"

            def run(out: Path = out, cache: Path = cache) -> subprocess.Popen[bytes]:
                return start(folder / "in", out, cache, options)

            began = time.monotonic()
            if kind == "killed":
                codes = killed_until_done(run, _every(arguments.every))
            else:
                codes = [_watched(run())]
            outcomes[kind] = outcome_in(out)
            seconds = time.monotonic() - began
            print(f"{kind}: {len(codes)} runs, exit code {codes[-1]}, {seconds:.0f} s")
    twice = [what for what, times in outcomes["killed"].work.items() if times > 1]
    print(f"work done: {len(outcomes['killed'].work)} pieces, {len(twice)} of them twice")
    same = outcomes["undisturbed"] == outcomes["killed"]
    print("same results, same work" if same else "NOT THE SAME")
    sys.exit(0 if same and not twice else 1)


def _watched(process: subprocess.Popen[bytes]) -> int:
    """The exit code; prints the most memory that was seen."""
    most = 0.0
    while process.poll() is None:
        most = max(most, memory_mib(process.pid))
        time.sleep(0.5)
    print(f"most memory of all processes: {most:.0f} MiB")
    return process.returncode


if __name__ == "__main__":
    main()
