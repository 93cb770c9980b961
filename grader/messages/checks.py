"""Telling: one sentence per check, built from what was found and what was expected."""

from __future__ import annotations

from math import prod
from typing import Literal

from grader.messages.words import count, error_text, example_word, shape_text
from grader.records import (
    AlignedRow,
    Comparison,
    Match,
    OutputCheck,
    Part,
    Row,
    Target,
    Totals,
)


def loads_message(num_rows: int) -> str:
    """The file gave a network of so many layers."""
    return f"The file gives a network of {count(num_rows, 'layer')}."


def architecture_message(comparison: Comparison, most_hints: int) -> str:
    """How many rows match, the first that does not, and whether all differences get a hint."""
    found = len(comparison.findings)
    more = f" Hints are given on the first {most_hints} of {found} differences."
    return _rows_message(comparison) + (more if found > most_hints else "")


def _rows_message(comparison: Comparison) -> str:
    num_rows = len(comparison.rows)
    num_same = sum(row.match is Match.SAME for row in comparison.rows)
    if comparison.matches:
        total = comparison.submitted_totals.total
        return f"All {count(num_rows, 'row')} and {total:,} parameters are those of the table."
    if comparison.submitted_outputs != comparison.reference_outputs:
        outputs = count(comparison.submitted_outputs, "output")
        return f"Your network has {outputs}, the table's has {comparison.reference_outputs}."
    if num_same < num_rows:
        first, row = next(
            (i, row) for i, row in enumerate(comparison.rows, 1) if row.match is not Match.SAME
        )
        return f"{num_same} of {count(num_rows, 'row')} match. {_first_difference(first, row)}"
    reference, submitted = comparison.reference_totals, comparison.submitted_totals
    if reference == submitted:
        return f"All {count(num_rows, 'row')} match, but the input has another shape."
    return (
        f"All {count(num_rows, 'row')} match, but the totals differ: {_totals(submitted)}, "
        f"in the table {_totals(reference)}."
    )


def _first_difference(number: int, row: AlignedRow) -> str:
    if row.submitted is None and row.reference is not None:
        return f"The first difference is row {number}: {row.reference.layer} is missing."
    if row.reference is None and row.submitted is not None:
        return f"The first difference is row {number}: {row.submitted.layer} is not in the table."
    if row.submitted and row.reference and _printed(row.submitted) == _printed(row.reference):
        layer = row.submitted.layer
        return f"The first difference is in row {number}: the {layer} is connected otherwise."
    return (
        f"The first difference is in row {number}: {_shape_and_params(row.submitted)}, "
        f"in the table {_shape_and_params(row.reference)}."
    )


def _printed(row: Row) -> tuple[object, ...]:
    return row.layer, row.shape, row.params


def _shape_and_params(row: Row | None) -> str:
    if row is None or row.params is None:
        return "an unknown row" if row is None else f"{row.layer}, {shape_text(row.shape)}"
    return f"{row.layer}, {shape_text(row.shape)}, {count(row.params, 'parameter')}"


def _totals(totals: Totals) -> str:
    if totals.trainable is None or totals.non_trainable is None:
        return "an unknown number of parameters"
    return f"{totals.trainable:,} trainable and {totals.non_trainable:,} non-trainable"


def output_message(output: OutputCheck | None, part: Part, *, fine: bool) -> str:
    """What the network gives for a batch of images, or of the part's own examples."""
    example = example_word(part.target)
    if output is None:
        return f"The network could not be tried on a batch of {example}s."
    if fine:
        return f"For each {example} it gives {_given(part)}."
    fault = output_fault(output, part)
    match part.target:
        case Target.NUMBERS:
            return f"The outputs are not the numbers asked for: {fault}."
        case Target.YES_OR_NO:
            return f"The output is no probability: {fault}. A probability is from 0 to 1."
        case _:
            return (
                f"The outputs are no probabilities: {fault}. "
                "Probabilities are at least 0 and sum to 1."
            )


def _given(part: Part) -> str:
    match part.target:
        case Target.NUMBERS:
            return count(prod(size or 1 for size in part.output_shape or ()), "finite number")
        case Target.YES_OR_NO:
            return "one probability"
        case _:
            return f"{part.num_classes} probabilities that sum to 1"


def output_fault(output: OutputCheck | None, part: Part) -> str:
    """What keeps the outputs from being what is asked for, as a part of a sentence."""
    if output is None:
        return "they could not be computed"
    example, shape = example_word(part.target), output.shape[1:]
    if not part.is_output(shape):
        return f"for each {example} their shape is {shape}, expected {part.output_shape}"
    if not output.finite:
        return "some are not finite numbers"
    if output.minimum < 0:
        return f"the smallest for a batch of {example}s is {output.minimum:.3g}"
    if part.target is Target.YES_OR_NO:
        return f"the largest for a batch of {example}s is {output.largest_sum:.3g}"
    return (
        f"for a batch of {example}s they sum to between "
        f"{output.smallest_sum:.3g} and {output.largest_sum:.3g}"
    )


def accuracy_message(part: Part, test: float | None, threshold: float) -> str:
    """Accuracy, or error, on the test set beside the threshold."""
    if part.target.has_error:
        return _error_message(part, test, threshold)
    if test is None:
        return f"No test accuracy was reached; at least {threshold:.3f} is needed."
    sign = "at least" if test >= threshold else "below"
    return f"Test accuracy {test:.3f}, {sign} the threshold of {threshold:.3f}."


def _error_message(part: Part, test: float | None, threshold: float) -> str:
    name = part.protocol.loss.replace("_", " ")
    if test is None:
        return f"No test error ({name}) was measured; {error_text(threshold)} is allowed at most."
    sign = "at most" if test <= threshold else "above"
    return f"Test error {error_text(test)} ({name}), {sign} the {error_text(threshold)} allowed."


SkipReason = Literal["not yet", "not asked for", "no threshold", "not in this part"]


def stopped_message(part_id: str, reason: str) -> str:
    """The check was ended from outside; `reason` is the sentence of who did it."""
    return f"{part_id} was stopped before this check was done. {reason}"


def skipped_message(reason: SkipReason) -> str:
    """Why a check was not made."""
    if reason == "not asked for":
        return "Not checked: not asked for."
    if reason == "not in this part":
        return "Not part of this exercise."
    if reason == "no threshold":
        return (
            "Not checked: no threshold has been measured for this data set, so it takes no points."
        )
    return "Not checked yet."
