"""Grade, first step: a part's candidates go into the sandbox, one description comes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from grader.architecture import read_description
from grader.records import Description, Fault, Notice, Outcome, Part, Rule, Source
from grader.sandbox.jobs import Ending, Job, Limits, Reply
from grader.sandbox.launcher import Sandbox


@dataclass(frozen=True)
class Described:
    """The description that counts for a part, the file it came from, and what was noticed."""

    path: str
    description: Description
    notices: tuple[Notice, ...] = ()


def describe(sandbox: Sandbox, part: Part, candidates: Sequence[Source]) -> Described:
    """What the part's candidates say, each described in the sandbox, as `chosen` has it."""
    return chosen(
        part, [(source.path, describe_source(sandbox, part, source)) for source in candidates]
    )


def chosen(part: Part, candidates: Sequence[tuple[str, Description]]) -> Described:
    """The description that counts, of those of all candidates with their paths; pure.

    Of several candidates those not attempted give way; if more than one is left the part is an
    error that names them.
    """
    if not candidates:
        return Described("", _fault(Fault(Outcome.NOT_ATTEMPTED, None)))
    described = [Described(path, description) for path, description in candidates]
    attempted = [one for one in described if not _is_untouched(one.description)]
    if len(attempted) > 1:
        return _ambiguous(attempted)
    counts = attempted[0] if attempted else described[0]
    if len(described) == 1:
        return counts
    others = tuple(one.path for one in described if one is not counts)
    return Described(
        counts.path,
        counts.description,
        (Notice("untouched", {"part": part.id, "path": counts.path, "others": others}),),
    )


def describe_source(sandbox: Sandbox, part: Part, source: Source) -> Description:
    """What one candidate says; an empty file is not attempted, and no work for the sandbox.

    Raises GraderError where no process can be had for it.
    """
    if not source.code.strip():
        return _fault(Fault(Outcome.NOT_ATTEMPTED, None))
    job = Job(
        part=part.id,
        filename=PurePosixPath(source.path).name,
        code=source.code,
        input_shape=part.input_shape,
        helpers=source.helpers,
    )
    reply = sandbox.describe(job)
    if reply.raw is None:
        return _fault(_no_answer(reply, sandbox.limits), reply.output)
    return read_description(reply.raw, part, reply.output)


def _is_untouched(description: Description) -> bool:
    return description.fault is not None and description.fault.outcome is Outcome.NOT_ATTEMPTED


def _ambiguous(attempted: Sequence[Described]) -> Described:
    paths = " and ".join(one.path for one in attempted)
    return Described(paths, _fault(Fault(Outcome.ERROR, None)))


def _fault(fault: Fault, output: str = "") -> Description:
    return Description(architecture=None, fault=fault, output=output)


def _no_answer(reply: Reply, limits: Limits) -> Fault:
    """What it means that the student's process left no document: never a pass."""
    match reply.ending:
        case Ending.CPU_LIMIT:
            limit = {"cpu_seconds": limits.cpu_seconds}
            return Fault(Outcome.TIMED_OUT, Rule.TIME_LIMIT, limit)
        case Ending.WALL_LIMIT:
            limit = {"wall_seconds": round(limits.wall_seconds)}
            return Fault(Outcome.TIMED_OUT, Rule.TIME_LIMIT, limit)
        case Ending.MEMORY:
            return Fault(Outcome.OUT_OF_MEMORY, Rule.MEMORY_LIMIT)
        case Ending.TOO_LARGE:
            found = f"more than {limits.reply_bytes} bytes"
            too_large = {"refused": "too-large", "found": found}
            return Fault(Outcome.ERROR, Rule.NOT_A_MODEL, too_large)
        case _:
            endings = {"exit_code": reply.exit_code, "signal": reply.signal}
            details = {key: value for key, value in endings.items() if value is not None}
            return Fault(Outcome.ERROR, Rule.SILENT_EXIT, details)


def grader_trouble(sentence: str) -> Description:
    """Stands for a description that the grader failed to get: no fault of the student's."""
    return _fault(Fault(Outcome.GRADER_ERROR, None, {"sentence": sentence}))
