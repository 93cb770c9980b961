"""Grade: all that can be known about a part without training it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from grader.compare import compare
from grader.errors import GraderError
from grader.grading.checks import Evidence
from grader.grading.describing import Described, describe, grader_trouble
from grader.records import Architecture, Part, Rebuilt, Source
from grader.sandbox.launcher import Sandbox

Rebuild = Callable[[Architecture], Rebuilt]


def examine(
    sandbox: Sandbox, rebuild: Rebuild, part: Part, candidates: Sequence[Source]
) -> Evidence:
    """The candidates described, rebuilt and compared; the grader's own fault becomes an outcome."""
    try:
        described = describe(sandbox, part, candidates)
        architecture = described.description.architecture
        return examined(part, described, rebuild(architecture) if architecture else None)
    except GraderError as error:
        return troubled(part, str(error))


def examined(part: Part, described: Described, rebuilt: Rebuilt | None) -> Evidence:
    """What was described and rebuilt, compared where there is a network; pure."""
    architecture = described.description.architecture
    if architecture is None or rebuilt is None or rebuilt.fault:
        return Evidence(described, rebuilt)
    return Evidence(described, rebuilt, compare(part, architecture, rebuilt))


def troubled(part: Part, sentence: str) -> Evidence:
    """Stands for what the grader failed to find out about a part."""
    return Evidence(Described(part.id, grader_trouble(sentence)))
