"""Compare: the two networks of one part, from rows to a `Comparison`; pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from grader.compare.align import (
    OTHER_SIZE,
    OTHER_SIZE_AND_SHAPE,
    SHIFTED,
    SIBLING,
    UNRELATED,
    align,
)
from grader.compare.causes import Aligned, find_causes, pair_substitutes
from grader.compare.infer import Settings
from grader.compare.steps import Step, fits, reference_steps, related, submitted_steps
from grader.records import (
    AlignedRow,
    Architecture,
    Comparison,
    Finding,
    Match,
    Part,
    Rebuilt,
    Row,
    Rule,
    Shape,
    Totals,
    Value,
)


def compare(part: Part, architecture: Architecture, rebuilt: Rebuilt) -> Comparison:
    """The submission's network beside the part's reference.

    `rebuilt.rows` are those of `architecture.layers` without its InputLayers, in their order.
    """
    reference = reference_steps(part.reference, part.input_shape)
    submitted = submitted_steps(architecture, rebuilt.rows)
    pairs = _align(reference, submitted)
    input_matches = _input_matches(part, rebuilt.input_shapes)
    rows = tuple(_row(pair) for pair in pairs)
    same_rows = all(row.match is Match.SAME for row in rows)
    same_totals = rebuilt.totals == part.reference.totals
    findings = [] if input_matches else [_input_shape(part, rebuilt.input_shapes)]
    findings += find_causes(_without_input_repair(pairs, input_matches=input_matches))
    if "linear-output" in architecture.notes:
        findings = [_named_linear(finding) for finding in findings]
    if not same_totals:
        findings += _frozen(part, rebuilt.totals, pairs)
    return Comparison(
        rows=rows,
        reference_totals=part.reference.totals,
        submitted_totals=rebuilt.totals,
        findings=tuple(sorted(findings, key=lambda finding: finding.row or 0)),
        notes=tuple(_unusual_settings(pairs)) if same_rows else (),
        matches=same_rows and same_totals and input_matches and len(architecture.outputs) == 1,
        submitted_outputs=len(architecture.outputs),
    )


def _align(reference: tuple[Step, ...], submitted: tuple[Step, ...]) -> tuple[Aligned, ...]:
    pairs = align(reference, submitted, _pair_cost, _content)
    return pair_substitutes(
        [
            Aligned(
                None if left is None else reference[left],
                None if right is None else submitted[right],
            )
            for left, right in pairs
        ]
    )


def _content(step: Step) -> str:
    return f"{step.kind} {step.row.shape} {step.row.params}"


def _pair_cost(reference: Step, submitted: Step) -> float:
    if reference.kind != submitted.kind:
        siblings = related(reference.kind, submitted.kind)
        return SIBLING if siblings else UNRELATED
    if _same(reference.row, submitted.row):
        return 0.0
    if fits(reference, submitted):
        return SHIFTED
    if reference.row.shape == submitted.row.shape or reference.row.params == submitted.row.params:
        return OTHER_SIZE
    return OTHER_SIZE_AND_SHAPE


def _same(reference: Row, submitted: Row) -> bool:
    """Whether shape and parameters are equal; the kind is compared before."""
    return (reference.shape, reference.params) == (submitted.shape, submitted.params)


def _row(pair: Aligned) -> AlignedRow:
    reference = pair.reference.row if pair.reference else None
    submitted = pair.submitted.row if pair.submitted else None
    if not pair.reference or not pair.submitted:
        return AlignedRow(Match.EXTRA if submitted else Match.MISSING, reference, submitted)
    same = pair.reference.kind == pair.submitted.kind and _same(
        pair.reference.row, pair.submitted.row
    )
    return AlignedRow(Match.SAME if same else Match.DIFFERENT, reference, submitted)


def _input_matches(part: Part, input_shapes: tuple[Shape, ...]) -> bool:
    return [shape[1:] for shape in input_shapes] == [part.input_shape]


def _input_shape(part: Part, input_shapes: tuple[Shape, ...]) -> Finding:
    """What is wrong with the input: its kind says which of the usual slips it is."""
    expected = part.input_shape
    found = input_shapes[0][1:] if input_shapes else ()
    values: dict[str, Value] = {"found": found, "expected": expected}
    if len(input_shapes) != 1:
        return Finding(Rule.INPUT_SHAPE, None, "count", {**values, "count": len(input_shapes)})
    if len(found) > len(expected) and found[-len(expected) :] == expected:
        kind = "batch-axis"
    elif _size(found) == _size(expected) and len(found) > len(expected):
        kind = "not-flat"
    elif _size(found) == _size(expected) and len(found) < len(expected):
        kind = "flat"
    elif found == (expected[-1], *expected[:-1]):
        kind = "channels-first"
    else:
        kind = "other"
    return Finding(Rule.INPUT_SHAPE, None, kind, values)


def _size(shape: Shape) -> int | None:
    size = 1
    for axis in shape:
        if axis is None:
            return None
        size *= axis
    return size


def _named_linear(finding: Finding) -> Finding:
    """The finding of a missing output activation, where a linear one stood in its place."""
    return replace(finding, kind="linear") if finding.rule is Rule.OUTPUT_ACTIVATION else finding


def _without_input_repair(
    pairs: tuple[Aligned, ...], *, input_matches: bool
) -> tuple[Aligned, ...]:
    """The pairs, without a Flatten or Reshape in front that goes with a wrong input shape.

    It is part of that one slip. The pair stays in its place, so that rows count on.
    """
    first = pairs[0] if pairs else None
    if input_matches or first is None or first.reference or not first.submitted:
        return pairs
    if first.submitted.kind not in {"Flatten", "Reshape"}:
        return pairs
    return (Aligned(None, None), *pairs[1:])


def _frozen(part: Part, totals: Totals, pairs: tuple[Aligned, ...]) -> Iterator[Finding]:
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
        same_class = [s for _, s in steps if s.row.layer == step.row.layer]
        ordinal = same_class.index(step) + 1
        place: dict[str, Value] = {"submitted": step.row.layer, "submitted_ordinal": ordinal}
        yield Finding(Rule.FROZEN, index, "", {**values, **place})


def _unusual_settings(pairs: tuple[Aligned, ...]) -> Iterator[str]:
    """Codes of layers that give the table's row by other settings than the usual ones."""
    for index, pair in enumerate(pairs, 1):
        if pair.reference and pair.submitted:
            for name, usual in _usual(pair.reference, pair.submitted).items():
                found = pair.submitted.settings.get(name, usual)
                if found != usual:
                    yield f"unusual:{index}:{name}:{found}:{usual}"


def _usual(reference: Step, submitted: Step) -> Settings:
    """The settings that the table's row implies, and those that no row shows at their defaults."""
    dilation = submitted.settings.get("dilation_rate")
    unseen: Settings = {"groups": 1}
    if isinstance(dilation, tuple):
        unseen["dilation_rate"] = (1,) * len(dilation)
    return {**unseen, **reference.settings}
