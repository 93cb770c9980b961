"""Compare, last: what a reader gets of the findings: a slip once, another network as such."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from grader.records import Finding, Rule, Value

# The same slip at so many places is told once: two may be two slips.
REPEATED = 3
# Two sizes that are exchanged are a slip of their own, so the second time is the same again.
REPEATED_SIZES = 2
# With more rows not found than this, and less of all rows found than that, it is another network.
FEW = 6
FOUND_SHARE = 0.5

# What tells one slip from another of its rule; numbers and shapes that follow from it do not.
_TELLING = ("setting", "found", "expected", "late", "moved", "other", "layers")
_LAYERS = {
    Rule.MISSING_LAYER: ("reference",),
    Rule.EXTRA_LAYER: ("submitted",),
    Rule.WRONG_TYPE: ("reference", "submitted"),
}
# The layer of which a sentence says "your first, second and third".
_SUBJECTS = {"layers": "moved", "": "submitted"}


def told_once(findings: Sequence[Finding]) -> list[Finding]:
    """The findings, those that are the same slip at several places as one, at the first of them.

    It has the rows of the others under "rows" and, where one class is meant, under "ordinals" which
    of them; findings stay in their order.
    """
    alike: dict[object, list[Finding]] = {}
    for finding in findings:
        alike.setdefault(_slip(finding), []).append(finding)
    result: list[Finding] = []
    for group in alike.values():
        enough = REPEATED_SIZES if group[0].kind == "sizes" else REPEATED
        result += [_repeated(group)] if len(group) >= enough else group
    return sorted(result, key=lambda finding: finding.row or 0)


def _slip(finding: Finding) -> object:
    """What is equal for the same slip at another place."""
    if finding.row is None:
        return finding.rule
    keys = (*_TELLING, *_LAYERS.get(finding.rule, ()))
    values = tuple(finding.values.get(key) for key in keys)
    return finding.rule, finding.kind, values


def _repeated(group: Sequence[Finding]) -> Finding:
    first = group[0]
    values: dict[str, Value] = {"rows": tuple(finding.row for finding in group[1:])}
    subject = _SUBJECTS.get(first.kind, "")
    classes = {finding.values.get(subject) for finding in group}
    if len(classes) == 1 and first.rule not in _LAYERS and None not in classes:
        values["ordinals"] = tuple(f.values.get(f"{subject}_ordinal") for f in group)
    return replace(first, values={**first.values, **values})


def as_other_network(
    findings: Sequence[Finding], num_found: int, num_expected: int, num_submitted: int
) -> list[Finding]:
    """The findings; of quite another network only what is wrong with its input, and the first.

    `num_found` of the `num_expected` rows of the table and of the `num_submitted` of the submission
    are partners as the table wants them. A finding that explains all stays as it is.
    """
    num_rows = max(num_expected, num_submitted)
    in_rows = [finding for finding in findings if finding.row is not None]
    few = num_rows - num_found <= FEW or num_found >= FOUND_SHARE * num_rows
    if few or len(in_rows) < 2:  # noqa: PLR2004 - one says it all
        return list(findings)
    numbers: Mapping[str, Value] = {
        "found_rows": num_found,
        "num_expected": num_expected,
        "num_submitted": num_submitted,
    }
    first = replace(in_rows[0], values={**in_rows[0].values, **numbers})
    return [*(finding for finding in findings if finding.row is None), first]


def in_row_order(findings: Iterable[Finding], rows: Mapping[int, int]) -> list[Finding]:
    """The findings in the order of the rows that a reader sees; `rows` has them by pair, from 0."""
    placed = [f if f.row is None else replace(f, row=rows[f.row - 1]) for f in findings]
    return sorted(placed, key=lambda finding: finding.row or 0)
