"""Compare: the two networks of one part, from rows to a `Comparison`; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from grader.compare.align import align
from grader.compare.causes import find_causes
from grader.compare.inputs import expected_inputs, input_finding, input_repair
from grader.compare.moves import find_moves, with_exchanges
from grader.compare.notes import architecture_notes, free_choices, unusual_settings
from grader.compare.pairs import free_activations, pair_substitutes, with_blocks
from grader.compare.patterns import as_other_network, in_row_order, told_once
from grader.compare.places import named
from grader.compare.steps import INPUT, Network, fits, same_row, submitted_network
from grader.compare.tables import has_merge_rows, reference_network
from grader.compare.wiring import Aligned, crossed_pairs
from grader.records import (
    AlignedRow,
    Architecture,
    Comparison,
    Finding,
    Match,
    Part,
    Rebuilt,
    Rule,
    Totals,
    Value,
)


def compare(part: Part, architecture: Architecture, rebuilt: Rebuilt) -> Comparison:
    """The submission's network beside the part's reference.

    `rebuilt.rows` are those of `architecture.layers` without its InputLayers, in their order. Rows
    of the comparison stand in the order of the printed table.
    """
    reference = reference_network(part.reference, part.input_shape)
    submitted = submitted_network(
        architecture, rebuilt.rows, merge_rows=has_merge_rows(part.reference)
    )
    aligned = align(reference, submitted)
    free = free_activations(aligned, reference)
    pairs = _pairs([pair for index, pair in enumerate(aligned) if index not in free])
    wrong_input = input_finding(
        expected_inputs(reference), [shape[1:] for shape in rebuilt.input_shapes]
    )
    findings = [wrong_input] if wrong_input else []
    findings += find_causes(pairs, _no_rows(pairs, wrong_input))
    same_totals = rebuilt.totals.fit(part.reference.totals)
    if not same_totals:
        findings += _frozen(part, rebuilt.totals, pairs)
    order = _reading_order(pairs, reference)
    crossed = crossed_pairs(pairs)
    rows = tuple(_row(pairs[index], crossed=index in crossed) for index in order)
    same_rows = all(row.match is Match.SAME for row in rows)
    same_ends = wrong_input is None and len(architecture.outputs) == len(reference.outputs)
    notes = [*architecture_notes(architecture, [aligned[index] for index in free])]
    if same_rows:
        notes += unusual_settings([pairs[index] for index in order])
        notes += free_choices(aligned)
    return Comparison(
        rows=rows,
        reference_totals=part.reference.totals,
        submitted_totals=rebuilt.totals,
        findings=tuple(_told(findings, pairs, order, architecture)),
        notes=tuple(notes),
        matches=same_rows and same_totals and same_ends,
        reference_outputs=len(reference.outputs),
        submitted_outputs=len(architecture.outputs),
    )


def _pairs(pairs: Sequence[Aligned]) -> tuple[Aligned, ...]:
    pairs = with_exchanges(with_blocks(pairs))
    return pair_substitutes(pairs, find_moves(pairs))


def _is_input(pair: Aligned) -> bool:
    step = pair.reference or pair.submitted
    return step is not None and step.kind == INPUT


def _no_rows(pairs: Sequence[Aligned], wrong_input: Finding | None) -> list[int]:
    """Indices of pairs that are no differences: inputs, and what goes with a wrong input."""
    inputs = [index for index, pair in enumerate(pairs) if _is_input(pair)]
    return [*inputs, *(input_repair(pairs) if wrong_input else ())]


def _reading_order(pairs: Sequence[Aligned], reference: Network) -> list[int]:
    """The pairs (inputs left out) in the printed order; what is extra follows what it follows."""
    place = {step: index for index, step in enumerate(reference.steps)}
    after = -1
    keys = []
    for index, pair in enumerate(pairs):
        after = place[pair.reference] if pair.reference is not None else after
        keys.append((after, index))
    return [index for _, index in sorted(keys) if not _is_input(pairs[index])]


def _row(pair: Aligned, *, crossed: bool) -> AlignedRow:
    reference = pair.reference.row if pair.reference else None
    submitted = pair.submitted.row if pair.submitted else None
    if not pair.reference or not pair.submitted:
        return AlignedRow(Match.EXTRA if submitted else Match.MISSING, reference, submitted)
    same = same_row(pair.reference, pair.submitted) and not crossed
    return AlignedRow(Match.SAME if same else Match.DIFFERENT, reference, submitted)


def _told(
    findings: Sequence[Finding],
    pairs: Sequence[Aligned],
    order: Sequence[int],
    architecture: Architecture,
) -> list[Finding]:
    """The findings as a reader gets them: in the order and with the numbers of the rows."""
    if "linear-output" in architecture.notes:
        findings = [_named_linear(finding) for finding in findings]
    rows = {pair: row for row, pair in enumerate(order, 1)}
    told = told_once(in_row_order(findings, rows))
    in_table = [pairs[index] for index in order]
    found = sum(
        bool(p.reference and p.submitted and fits(p.reference, p.submitted)) for p in in_table
    )
    expected = sum(pair.reference is not None for pair in in_table)
    submitted = sum(pair.submitted is not None for pair in in_table)
    return as_other_network(told, found, expected, submitted)


def _named_linear(finding: Finding) -> Finding:
    """The finding of a missing output activation, where a linear one stood in its place."""
    return replace(finding, kind="linear") if finding.rule is Rule.OUTPUT_ACTIVATION else finding


def _frozen(part: Part, totals: Totals, pairs: Sequence[Aligned]) -> Iterator[Finding]:
    """Layers that were set to trainable=False; the whole network is one finding."""
    steps = [(i, pair.submitted) for i, pair in enumerate(pairs, 1) if pair.submitted]
    with_weights = [(i, s) for i, s in steps if s.layer and s.row.params]
    frozen = [(i, s) for i, s in with_weights if s.layer and not s.layer.trainable]
    values: dict[str, Value] = {
        "found": totals.trainable,
        "expected": part.reference.totals.trainable,
    }
    if frozen and len(frozen) == len(with_weights) > 1:
        yield Finding(Rule.FROZEN, None, "all", values)
        return
    for index, step in frozen:
        yield Finding(Rule.FROZEN, index, "", {**values, **named("submitted", step)})
