"""Every slip in a solution is seen, and the first hint names it: mutations of all five."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from grader.architecture import ReplyError
from grader.architecture.refusals import TooLargeError
from grader.records import Comparison, Finding, Part, Rule

Entry = dict[str, Any]
PART_IDS = ("fc_a", "fc_b", "cnn_a", "cnn_b", "cnn_c")
SIBLINGS = {
    "MaxPooling2D": "AveragePooling2D",
    "Conv2D": "SeparableConv2D",
    "Dropout": "SpatialDropout2D",
    "BatchNormalization": "LayerNormalization",
    "Flatten": "GlobalAveragePooling2D",
    "Activation": "Dropout",
    "Dense": "Flatten",
    # What a second slip may find after a first.
    "AveragePooling2D": "Dropout",
    "SeparableConv2D": "Dropout",
    "SpatialDropout2D": "GaussianDropout",
    "LayerNormalization": "Dropout",
    "GlobalAveragePooling2D": "Dropout",
}
RULES = {
    "units": Rule.UNITS,
    "filters": Rule.FILTERS,
    "kernel_size": Rule.KERNEL_SIZE,
    "pool_size": Rule.POOL_SIZE,
    "strides": Rule.STRIDES,
    "padding": Rule.PADDING,
    "use_bias": Rule.BIAS,
    "scale": Rule.NORMALIZATION_OPTIONS,
    "center": Rule.NORMALIZATION_OPTIONS,
}


@dataclass(frozen=True)
class Mutant:
    """A solution with one slip: what was done to which layer, counted from 1, and its rule."""

    name: str
    entries: list[Entry]
    rule: Rule
    rows: frozenset[int]


def mutants(entries: list[Entry]) -> Iterator[Mutant]:
    """All single slips of a network."""
    for index in range(len(entries)):
        yield from _at(entries, index)


def _at(entries: list[Entry], index: int) -> Iterator[Mutant]:
    kind, row = entries[index]["class"], frozenset({index + 1})
    last = index == len(entries) - 1
    name = f"{kind} {index + 1}"
    yield Mutant(
        f"drop {name}",
        _copy([*entries[:index], *entries[index + 1 :]]),
        Rule.OUTPUT_ACTIVATION if last else Rule.MISSING_LAYER,
        row,
    )
    doubled = _copy([*entries[: index + 1], *entries[index:]])
    yield Mutant(f"double {name}", doubled, Rule.EXTRA_LAYER, row | {index + 2})
    if not last and kind != entries[index + 1]["class"]:
        swapped = _copy(entries)
        swapped[index : index + 2] = reversed(swapped[index : index + 2])
        yield Mutant(f"swap {name} with the next", swapped, Rule.ORDER, row)
    sibling = _copy(entries)
    sibling[index] = _sibling(entries[index])
    yield Mutant(f"replace {name}", sibling, Rule.WRONG_TYPE, row)
    for setting, value in _settings(entries[index]):
        changed = _copy(entries)
        changed[index]["config"] |= value
        yield Mutant(f"{name} {value}", changed, RULES[setting], row)
    flat = any(entry["class"] == "Flatten" for entry in entries[:index])
    if kind == "BatchNormalization" and not flat:
        turned = _copy(entries)
        turned[index]["config"]["axis"] = 1
        yield Mutant(f"{name} axis", turned, Rule.NORMALIZATION_OPTIONS, row)
    if kind in {"Dense", "Conv2D", "BatchNormalization"}:
        frozen = _copy(entries)
        frozen[index]["trainable"] = False
        yield Mutant(f"freeze {name}", frozen, Rule.FROZEN, row)


def _sibling(entry: Entry) -> Entry:
    kind = SIBLINGS[entry["class"]]
    kept = {"filters", "kernel_size", "strides", "padding", "pool_size"}
    config = {key: value for key, value in entry["config"].items() if key in kept}
    if kind.endswith("Dropout") or kind == "SpatialDropout2D":
        config = {"rate": 0.3}
    return {**entry, "class": kind, "config": config}


def _settings(entry: Entry) -> Iterator[tuple[str, Entry]]:
    """Each number halved, doubled and off by one; each switch the other way."""
    config = entry["config"]
    for setting in ("units", "filters", "kernel_size", "pool_size", "strides"):
        value = config.get(setting)
        number = value[0] if isinstance(value, list) else value
        for other in sorted(_others(number) if number else ()):
            changed: Entry = {setting: [other, other] if isinstance(value, list) else other}
            if setting == "pool_size":
                # Strides that are left out go with the size of the pool.
                changed["strides"] = changed["pool_size"]
            yield setting, changed
    if "padding" in config and entry["class"] == "Conv2D":
        yield "padding", {"padding": "valid"}
    if "use_bias" in config:
        yield "use_bias", {"use_bias": False}
    if entry["class"] == "BatchNormalization":
        yield "scale", {"scale": False}
        yield "center", {"center": False}


def _others(number: int) -> set[int]:
    return {number // 2, number * 2, number - 1, number + 1} - {0, number}


def unseen(entries: list[Entry]) -> Iterator[tuple[str, list[Entry]]]:
    """Solutions with one change that no row of the table shows."""
    for index, entry in enumerate(entries):
        last = index == len(entries) - 1
        for change in _unseen(entry, last=last):
            changed = _copy(entries)
            changed[index]["config"] |= change
            yield f"{entry['class']} {index + 1} {change}", changed


def _unseen(entry: Entry, *, last: bool) -> Iterator[Entry]:
    if "rate" in entry["config"]:
        rate = entry["config"]["rate"]
        yield from ({"rate": other} for other in (rate / 2, rate * 2, 0.0))
    if entry["class"] == "Activation" and not last:
        yield from ({"activation": function} for function in ("tanh", "sigmoid", "elu"))
    if entry["class"] in {"Dense", "Conv2D"}:
        for setting, name in (
            ("kernel_initializer", "HeNormal"),
            ("bias_initializer", "Ones"),
            ("kernel_regularizer", "L2"),
            ("kernel_constraint", "NonNeg"),
        ):
            yield {setting: {"class": name, "origin": "keras", "config": {}}}
    if entry["class"] == "BatchNormalization":
        yield from ({"momentum": 0.9}, {"epsilon": 1e-5})


def _copy(entries: list[Entry]) -> list[Entry]:
    return copy.deepcopy(entries)


def _comparisons(
    part: Part, entries: list[Entry], compared: Callable[..., Comparison]
) -> Iterator[tuple[Mutant, Comparison]]:
    for mutant in mutants(entries):
        try:
            yield mutant, compared(part, mutant.entries)
        except (ReplyError, TooLargeError):
            continue  # no network: layers that Keras would not put together either


def _names(mutant: Mutant, findings: tuple[Finding, ...]) -> bool:
    """Whether the first finding, and it alone, is the slip, at its row or beside an equal layer."""
    if len(findings) != 1:
        return False
    return findings[0].rule is mutant.rule and (
        findings[0].row is None or bool({findings[0].row} & _near(mutant))
    )


def _near(mutant: Mutant) -> frozenset[int]:
    """Rows that are as right as the slip's own: where equal layers follow each other."""
    if not mutant.name.startswith(("drop", "double")):
        return mutant.rows
    return mutant.rows | {row + step for row in mutant.rows for step in (-2, 2)}


@pytest.mark.parametrize("part_id", PART_IDS)
def test_no_mutant_passes(
    part_id: str,
    parts: dict[str, Part],
    solution: Callable[[Part], list[Entry]],
    compared: Callable[..., Comparison],
) -> None:
    """A network with a slip that changes rows or totals never matches the table."""
    part = parts[part_id]
    results = list(_comparisons(part, solution(part), compared))
    right = compared(part, solution(part))

    assert right.matches
    assert [] == [mutant.name for mutant, comparison in results if comparison.matches]
    assert len(results) > 10 * len(part.reference.rows) / 3


@pytest.mark.parametrize("part_id", PART_IDS)
def test_what_the_table_does_not_show_passes_with_a_note(
    part_id: str,
    parts: dict[str, Part],
    solution: Callable[[Part], list[Entry]],
    compared: Callable[..., Comparison],
) -> None:
    """Rates, hidden activations, initializers and regularizers are free, and the note says so."""
    part = parts[part_id]
    usual = compared(part, solution(part)).notes
    for name, entries in unseen(solution(part)):
        comparison = compared(part, entries)

        assert comparison.matches, name
        assert () == comparison.findings, name
        assert [] != [note for note in comparison.notes if note not in usual], name


def test_first_hint_names_the_slip(
    parts: dict[str, Part],
    solution: Callable[[Part], list[Entry]],
    compared: Callable[..., Comparison],
    record_property: Callable[[str, object], None],
) -> None:
    """In at least 98 % of the single slips there is one finding, and it is the slip."""
    missed, count = [], 0
    for part in parts.values():
        for mutant, comparison in _comparisons(part, solution(part), compared):
            count += 1
            if not _names(mutant, comparison.findings):
                found = [(finding.rule.value, finding.row) for finding in comparison.findings]
                missed.append(f"{part.id}: {mutant.name}: {mutant.rule.value}, found {found}")
    table = "\n".join([f"{len(missed)} of {count} single slips were missed:", *missed])
    record_property("slips", table)

    assert len(missed) <= 0.02 * count, table


def _pairs(entries: list[Entry], count: int, rng: random.Random) -> Iterator[tuple[Mutant, Mutant]]:
    """Solutions with a second slip some rows below the first; the second one holds both."""
    firsts = list(mutants(entries))
    for _ in range(count):
        first = rng.choice(firsts)
        below = [m for m in mutants(first.entries) if min(m.rows) > min(first.rows) + 3]
        if below:
            yield first, rng.choice(below)


def test_two_slips_give_two_findings_in_row_order(
    parts: dict[str, Part],
    solution: Callable[[Part], list[Entry]],
    compared: Callable[..., Comparison],
    record_property: Callable[[str, object], None],
) -> None:
    """In at least 98 % of pairs of slips there are two findings, those two, in row order."""
    rng = random.Random(7)  # noqa: S311 - a sample that is the same every time
    missed, count = [], 0
    for part in parts.values():
        for first, second in _pairs(solution(part), 80, rng):
            try:
                comparison = compared(part, second.entries)
            except (ReplyError, TooLargeError):
                continue
            count += 1
            found = [finding.rule for finding in comparison.findings]
            if comparison.matches or found != [first.rule, second.rule]:
                missed.append(f"{part.id}: {first.name}; {second.name}: {found}")
    table = "\n".join([f"{len(missed)} of {count} pairs were missed:", *missed])
    record_property("slips", table)

    assert count > 150
    assert len(missed) <= 0.02 * count, table
