"""An output activation that is no softmax is what the hint is about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from grader.architecture.canonical import read_architecture
from grader.grading import Evidence, grade_part
from grader.grading.describing import Described
from grader.records import (
    CheckName,
    Comparison,
    Description,
    Outcome,
    OutputCheck,
    Part,
    Rebuilt,
    Rule,
)

Entry = dict[str, Any]
Networks = Callable[..., Entry]

NO_PROBABILITIES = OutputCheck((8, 8), -0.3, smallest_sum=0.2, largest_sum=3.5, finite=True)


@pytest.mark.parametrize("function", ["sigmoid", "relu", "tanh", "linear"])
@pytest.mark.parametrize("part_id", ["fc_a", "fc_b", "cnn_a", "cnn_b", "cnn_c"])
def test_the_hint_names_the_output_activation(
    part_id: str,
    function: str,
    parts: dict[str, Part],
    solution: Callable[[Part], list[Entry]],
    network: Networks,
    compared: Callable[..., Comparison],
) -> None:
    """The network fails, and its one hint is that on the output activation, in the last row."""
    part = parts[part_id]
    entries = solution(part)
    entries[-1]["config"] = {"activation": function}
    architecture = read_architecture(network(part, entries))
    rebuilt = Rebuilt(
        architecture.rows, architecture.totals, architecture.input_shapes, NO_PROBABILITIES
    )
    described = Described(f"{part_id}.py", Description(architecture, None))
    comparison = compared(part, entries)
    grade = grade_part(part, Evidence(described, rebuilt, comparison), "", with_training=False)
    failed = next(check.name for check in grade.checks if check.outcome is not Outcome.PASSED)

    assert Outcome.FAILED is grade.outcome
    assert (CheckName.ARCHITECTURE if function == "linear" else CheckName.OUTPUT) is failed
    assert [(Rule.OUTPUT_ACTIVATION, len(part.reference.rows))] == [
        (hint.rule, hint.row) for hint in grade.hints
    ]
