"""Packages, where they run: sees to it that Gradescope gets a results.json, whatever happens.

Started by `run_autograder`, which has put results there that say that there are none. Grading runs
in a process of its own, so that what becomes of that one can be told.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

from grader.batch.capacity import measured_capacity
from grader.export import gradescope
from grader.files import write_atomically
from grader.messages import NoResult
from grader.packaging import endings
from grader.packaging.advice import advice
from grader.packaging.record import read_package
from grader.packaging.upload import Places
from grader.training.process import count_oom_kills

# Of the platform's time, what the start and the end of a container may take.
_SPARE_SECONDS = 45.0
_STOP_SECONDS = 10.0
_REASONS = {endings.SETUP: NoResult.SETUP, endings.MEMORY: NoResult.MEMORY}


def main(arguments: list[str]) -> int:
    """Have the submission graded; 0 where there are results, else 1. The argument is the folder."""
    places = Places(Path(arguments[0]))
    minutes = read_package(places.source).minutes
    memory_mib = measured_capacity().memory_mib
    reason = _reason(places, minutes * 60 - _SPARE_SECONDS)
    if reason is None:
        return 0
    told = advice(reason, minutes, memory_mib)
    write_atomically(places.results, gradescope.no_results(reason, told))
    endings.say(f"No result ({reason}): {told}")
    return 1


def _reason(places: Places, seconds: float) -> NoResult | None:
    """Why there is no result; None where there is one."""
    kills = count_oom_kills()
    with subprocess.Popen(
        _command(places), stdin=subprocess.DEVNULL, start_new_session=True
    ) as process:
        try:
            code = process.wait(seconds)
        except subprocess.TimeoutExpired:
            _end(process)
            return NoResult.TIME
    if code == endings.GRADED:
        return None
    if count_oom_kills() > kills:
        return NoResult.MEMORY
    return _REASONS.get(code, NoResult.ENDED)


def _command(places: Places) -> list[str]:
    return [sys.executable, "-P", "-m", "grader.packaging.grading", str(places.root)]


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process; what it started ends with it."""
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
