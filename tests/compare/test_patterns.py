"""Slips of several layers at once: each is one finding, at the row where it begins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from grader.records import Comparison, Finding, Part, Rule

Entry = dict[str, Any]
Change = Callable[[list[Entry]], list[Entry]]


def dropped(*rows: int) -> Change:
    """Without these rows, counted from 1."""
    return lambda entries: [e for row, e in enumerate(entries, 1) if row not in rows]


def doubled(first: int, last: int) -> Change:
    """With the rows from first to last twice."""
    return lambda entries: entries[:last] + entries[first - 1 :]


def exchanged(one: int, other: int) -> Change:
    """With two rows in each other's place."""

    def change(entries: list[Entry]) -> list[Entry]:
        entries[one - 1], entries[other - 1] = entries[other - 1], entries[one - 1]
        return entries

    return change


def everywhere(kind: str, **settings: object) -> Change:
    """With these settings in all layers of the kind."""
    return lambda entries: [
        {**e, "config": {**e["config"], **settings}} if e["class"] == kind else e for e in entries
    ]


def all_dropped(kind: str) -> Change:
    """Without any layer of the kind."""
    return lambda entries: [e for e in entries if e["class"] != kind]


def after_activations(entries: list[Entry]) -> list[Entry]:
    """Each BatchNormalization behind the activation that it belongs in front of."""
    for index, entry in enumerate(entries[:-1]):
        if entry["class"] == "BatchNormalization":
            entries[index : index + 2] = [entries[index + 1], entry]
            entry["class"] = "moved"
    return [{**e, "class": "BatchNormalization"} if e["class"] == "moved" else e for e in entries]


Slip = Callable[[str, Change], Comparison]


@pytest.fixture
def slip(
    compared: Callable[..., Comparison],
    parts: dict[str, Part],
    solution: Callable[[Part], list[Entry]],
) -> Slip:
    """The comparison of a part's changed solution with its table."""
    return lambda part_id, change: compared(parts[part_id], change(solution(parts[part_id])))


@pytest.mark.parametrize(
    ("part_id", "change", "rule", "row", "kind"),
    [
        ("cnn_a", dropped(3, 4), Rule.MISSING_LAYER, 3, "block"),
        ("cnn_a", dropped(12, 13), Rule.MISSING_LAYER, 12, "block"),
        ("cnn_a", dropped(6, 7, 8, 9, 10), Rule.MISSING_LAYER, 6, "block"),
        ("cnn_c", dropped(4, 5, 6), Rule.MISSING_LAYER, 4, "block"),
        ("cnn_a", doubled(3, 4), Rule.EXTRA_LAYER, 5, "block"),
        ("cnn_a", doubled(6, 10), Rule.EXTRA_LAYER, 11, "block"),
        ("cnn_c", doubled(4, 6), Rule.EXTRA_LAYER, 7, "block"),
        ("cnn_b", exchanged(5, 12), Rule.ORDER, 5, "exchanged"),
        ("cnn_c", exchanged(2, 7), Rule.ORDER, 2, "exchanged"),
        ("fc_b", exchanged(1, 5), Rule.ORDER, 1, "sizes"),
        ("cnn_a", everywhere("Conv2D", padding="valid"), Rule.PADDING, 1, ""),
        ("cnn_a", everywhere("Conv2D", use_bias=False), Rule.BIAS, 1, ""),
        ("cnn_a", everywhere("Conv2D", data_format="channels_first"), Rule.INPUT_SHAPE, 1, ""),
        ("cnn_c", everywhere("BatchNormalization", scale=False), Rule.NORMALIZATION_OPTIONS, 2, ""),
        ("cnn_c", all_dropped("BatchNormalization"), Rule.MISSING_LAYER, 2, ""),
        ("cnn_b", all_dropped("Dropout"), Rule.MISSING_LAYER, 6, ""),
        ("cnn_c", after_activations, Rule.ORDER, 2, "layers"),
    ],
)
def test_one_slip_is_one_finding(
    part_id: str, change: Change, rule: Rule, row: int, kind: str, slip: Slip
) -> None:
    """However many rows it takes, and at how many places it is."""
    comparison = slip(part_id, change)

    assert not comparison.matches
    assert [(rule, row, kind)] == [(f.rule, f.row, f.kind) for f in comparison.findings]


def test_the_other_places_of_a_slip_are_in_its_values(slip: Slip) -> None:
    """A sentence can say which of the student's layers, and which rows."""
    (finding,) = slip("cnn_a", everywhere("Conv2D", padding="valid")).findings

    assert (3, 6, 8) == finding.values["rows"]
    assert (1, 2, 3, 4) == finding.values["ordinals"]


def test_two_equal_slips_are_two_findings(slip: Slip) -> None:
    """Only from three on is it the same slip again."""
    findings = slip("cnn_a", dropped(5, 10)).findings

    assert [(Rule.MISSING_LAYER, 5), (Rule.MISSING_LAYER, 10)] == [
        (f.rule, f.row) for f in findings
    ]


def test_a_moved_layer_may_have_another_slip(slip: Slip) -> None:
    """The order hides nothing: a size that is wrong as well is told at the layer."""

    def moved_and_smaller(entries: list[Entry]) -> list[Entry]:
        entries[11]["config"]["units"] = 100
        return exchanged(12, 13)(entries)

    assert [Rule.ORDER, Rule.UNITS] == [f.rule for f in slip("cnn_a", moved_and_smaller).findings]


def test_another_network_is_one_finding(
    compared: Callable[..., Comparison],
    parts: dict[str, Part],
    layer: Callable[..., Entry],
) -> None:
    """A list of all that differs helps nobody: the first difference, and how little agrees."""
    conv = {"filters": 20, "kernel_size": [5, 5], "strides": [2, 2]}
    entries = [entry for _ in range(3) for entry in (layer("Conv2D", **conv), layer("PReLU"))]
    entries += [layer("Flatten"), layer("Dense", units=30), layer("Dense", units=10)]
    findings: tuple[Finding, ...] = compared(parts["cnn_c"], entries).findings

    assert [1] == [finding.row for finding in findings]
    assert (23, 9) == tuple(findings[0].values[f"num_{side}"] for side in ("expected", "submitted"))
