"""Packages, for the instructor: what to set on Gradescope."""

from __future__ import annotations

from grader.batch.capacity import RESERVED_MIB, SLOT_MIB
from grader.messages import NoResult
from grader.packaging.record import MOST_MINUTES

# Of Gradescope: a new assignment's memory (autograder_samples, docs/troubleshooting.md).
DEFAULT_MIB = 768
TRAINING_MIB = RESERVED_MIB + SLOT_MIB
_SETTINGS = "under Settings > Autograder Settings of the assignment"


def advice(reason: NoResult, minutes: int, memory_mib: float | None) -> str:
    """What the instructor can do; `memory_mib` is what the container has, None if unknown."""
    match reason:
        case NoResult.MEMORY:
            has = "" if memory_mib is None else f" This container has {memory_mib:.0f} MiB free."
            return (
                f"give the container more memory {_SETTINGS}, at least {TRAINING_MIB} MiB, better "
                f"3 GB.{has} Then use 'Rerun autograder'."
            )
        case NoResult.TIME:
            return (
                f"this package expects a timeout of {minutes} minutes. Give the container more CPU "
                f"or a longer timeout (up to {MOST_MINUTES} minutes) {_SETTINGS}, and for the "
                "latter make the package anew with `grader package gradescope --minutes N`. Then "
                "use 'Rerun autograder'."
            )
        case NoResult.ENDED | NoResult.SETUP:
            return (
                "the autograder's output, which only you see, says what happened. Then use 'Rerun "
                "autograder'; if it comes back, report it with that output."
            )


def settings(minutes: int) -> str:
    """What to set on Gradescope for a package, in a few lines."""
    return (
        f"On Gradescope, {_SETTINGS}:\n"
        f"  memory   {DEFAULT_MIB} MB do for networks whose training is in the package; to train "
        f"any other right network may take {TRAINING_MIB} MiB, so choose 3 GB\n"
        f"  timeout  {minutes} minutes, as told by --minutes"
    )
