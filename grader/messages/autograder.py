"""Telling: what stands in the place of results where an autograder came to none."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class NoResult(StrEnum):
    """Why an autograder came to no result; never the student's fault."""

    ENDED = "ended"
    TIME = "time"
    MEMORY = "memory"
    SETUP = "setup"


_REASONS: Mapping[NoResult, str] = MappingProxyType(
    {
        NoResult.ENDED: "it ended before it had graded anything",
        NoResult.TIME: "the time that it is given ran out",
        NoResult.MEMORY: "the memory that it is given did not suffice",
        NoResult.SETUP: "it is not set up right",
    }
)


def no_result_message(reason: NoResult, advice: str) -> str:
    """What the student reads, and below it what the instructor can do about it."""
    return (
        f"The autograder came to no result: {_REASONS[reason]}. This is not your fault. The 0 "
        "stands for 'not graded yet', and nothing of your work was judged. Please tell your "
        "instructor, who can set this right and have your submission graded again; you need not "
        f"hand in anew.\n\nFor the instructor: {advice}"
    )
