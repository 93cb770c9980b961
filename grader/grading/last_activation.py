"""Grade: what is wrong with the end of a network whose outputs are to be probabilities; pure."""

from __future__ import annotations

from collections.abc import Iterator

from grader.architecture import ACTIVATION_CLASSES
from grader.records import AlignedRow, Architecture, Finding, OutputCheck, Rule, Value


def last_activation_findings(
    rows: tuple[AlignedRow, ...], architecture: Architecture, output: OutputCheck | None
) -> Iterator[Finding]:
    """At most one finding: the last activation, in place of the table's, is no softmax.

    Or it is one along an axis other than the last.
    """
    if not rows or not _are_activations(rows[-1]):
        return
    last = next((architecture.layers[index].config for index in architecture.outputs), {})
    function, axis = last.get("activation"), last.get("axis", -1)
    values: dict[str, Value]
    if isinstance(function, str) and function != "softmax":
        values = {"found": function}
        yield Finding(Rule.OUTPUT_ACTIVATION, len(rows), "function", values)
    elif function == "softmax" and isinstance(axis, int) and output:
        ndim = len(output.shape)
        if axis % ndim != ndim - 1:
            values = {"found": axis % ndim}
            yield Finding(Rule.OUTPUT_ACTIVATION, len(rows), "axis", values)


def _are_activations(row: AlignedRow) -> bool:
    """Whether table and submission both have an activation there."""
    return all(
        layer is not None and layer.layer in ACTIVATION_CLASSES
        for layer in (row.reference, row.submitted)
    )
