"""Grade: a part's solution, by the way that any submission goes."""

from __future__ import annotations

from dataclasses import dataclass

from grader.errors import SheetError
from grader.grading.checks import grade_part
from grader.grading.examining import Rebuild, examine
from grader.records import Architecture, CompileConfig, Part
from grader.sandbox.launcher import Sandbox
from grader.sheets import solution_file
from grader.submissions import source_at


@dataclass(frozen=True)
class Solution:
    """What a part's solution said in the sandbox."""

    architecture: Architecture
    compile: CompileConfig | None


def describe_solution(sandbox: Sandbox, rebuild: Rebuild, part: Part) -> Solution:
    """The solution's network, which passes every check before the training.

    Raises SheetError where there is no solution, or one that does not pass.
    """
    path = solution_file(part)
    if not path.is_file():
        raise SheetError(f"{part.id}: there is no solution. Write {path}.")
    evidence = examine(sandbox, rebuild, part, [source_at(path, part.id)])
    grade = grade_part(part, evidence, "", with_training=False)
    description = evidence.described.description
    wrong = next((check for check in grade.checks if not check.outcome.is_settled), None)
    if wrong is not None:
        hint = f" {grade.hints[0].message}" if grade.hints else ""
        raise SheetError(
            f"{part.id}: the solution does not pass. {wrong.message}{hint} Mend {path}."
        )
    assert description.architecture is not None  # noqa: S101 - else `loads` does not pass
    return Solution(description.architecture, description.compile)
