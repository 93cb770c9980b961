"""Telling: what one network brought over the one before it, and how to get its numbers again."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from grader.records import Part


def steps_message(titles: Sequence[str], tests: Sequence[float]) -> str:
    """Two sentences on the test accuracies of two or more networks, in their order."""
    best = max(range(len(tests)), key=tests.__getitem__)
    gains = [later - earlier for earlier, later in pairwise(tests)]
    most = max(range(len(gains)), key=gains.__getitem__)
    first = f"The best on the test images is {tests[best]:.3f}, with \u201c{titles[best]}\u201d."
    if gains[most] <= 0:
        return f"{first} No network did better there than the one before it."
    step = f"\u201c{titles[most + 1]}\u201d after \u201c{titles[most]}\u201d"
    return f"{first} The largest step was {step}: {gains[most]:.3f} more."


def again_command(part: Part, threads: int, *, names_data: bool) -> str:
    """The command that trains a part's file again with this number of threads.

    `grader grade` trains with one thread, `pytest` with all cores. Data that are neither the part's
    own nor the built-in have to be named.
    """
    data = " --data FILE" if names_data else ""
    if threads == 1:
        return f"grader grade {part.stub.name} -o again --fresh{data}"
    return f"{_pytest_command(part)}{data}"


def to_be_trained(part: Part, file: Path) -> str:
    """What comes next for a right network in this file, where nothing trains it by itself."""
    if file.resolve() == part.stub.resolve():
        return f"Next: {_pytest_command(part)} trains it."
    return f"Next: grader grade {file} -o report trains it."


def _pytest_command(part: Part) -> str:
    return f"pytest exercises/{part.sheet}/{part.stub.name}"
