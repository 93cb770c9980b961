"""Describe, outside: what the end of the student's process means (pure)."""

from __future__ import annotations

import signal
from dataclasses import dataclass

from grader.errors import GraderError, LostProcessError
from grader.sandbox.draining import Drain
from grader.sandbox.jobs import BEGUN, GAVE_UP, Ending, Limits, Reply
from grader.sandbox.tidying import tidied

# TensorFlow takes memory in pieces of at least 256 MiB: with little more than one left it is near.
_NEAR_THE_MEMORY_LIMIT = 0.75
# A library that gets no memory aborts, or uses what it did not get (TensorFlow 2.21 where a weight
# of 200 MB has no room); the server, or the system, kills who has too much. SIGKILL is unknown on
# Windows.
_MEMORY_SIGNALS = (signal.SIGABRT, signal.SIGSEGV, getattr(signal, "SIGKILL", None))
# For its limit the kernel counts ticks of its clock; the time told in the end is measured.
_NEAR_THE_CPU_LIMIT = 0.9
# SIGXCPU is unknown on Windows, where no such limit can be set either.
_CPU_SIGNAL = getattr(signal, "SIGXCPU", None)


@dataclass(frozen=True)
class Ended:
    """The end of the student's process, as told by the process that waited for it.

    `code` is negative for a signal, None where it had to be stopped or where the waiting process
    was lost. `memory_share` is the largest share seen of a memory limit.
    """

    code: int | None
    cpu_seconds: float | None = None
    memory_share: float = 0.0
    out_of_time: bool = False


def reply_of(ended: Ended, reply: Drain, output: Drain, limits: Limits) -> Reply:
    """The reply for callers. Raises GraderError where the process ended before it was set up."""
    if not reply.kept.startswith(BEGUN):
        is_lost = ended.code is None and not ended.out_of_time
        raise (LostProcessError if is_lost else GraderError)(
            "A process for a student's file could not be set up. It was to be ready within "
            f"{limits.start_seconds:.0f} s and said: {output.text()[-2000:].strip() or 'nothing'}"
        )
    document = bytes(reply.kept[len(BEGUN) :])
    ending = _ending(ended, document, too_large=reply.cut_bytes > 0, limits=limits)
    code = ended.code
    return Reply(
        ending=ending,
        raw=document if ending is Ending.ANSWERED else None,
        output=tidied(output.text()),
        exit_code=code if code is not None and code >= 0 and code != GAVE_UP else None,
        signal=-code if code is not None and code < 0 else None,
        cpu_seconds=ended.cpu_seconds,
    )


def _ending(ended: Ended, document: bytes, *, too_large: bool, limits: Limits) -> Ending:
    if too_large:
        return Ending.TOO_LARGE
    if ended.code is None:
        return Ending.WALL_LIMIT if ended.out_of_time else Ending.SIGNALLED
    if ended.code == 0 and document:
        return Ending.ANSWERED
    used_up = (ended.cpu_seconds or 0.0) >= _NEAR_THE_CPU_LIMIT * limits.cpu_seconds
    if used_up or -ended.code == _CPU_SIGNAL:
        return Ending.CPU_LIMIT
    if ended.code >= 0:
        return Ending.EXITED
    near_the_limit = ended.memory_share >= _NEAR_THE_MEMORY_LIMIT
    return Ending.MEMORY if -ended.code in _MEMORY_SIGNALS and near_the_limit else Ending.SIGNALLED
