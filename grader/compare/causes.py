"""Compare, second half: from aligned steps to the causes of what differs.

A cause is looked for at the row where a layer is wrong itself; what it shifts downstream is no
cause. Whatever is not recognised here gives no finding, and the report then says what differs and
stops.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from grader.compare.steps import Step, fits, gives
from grader.records import Finding, Json, Layer, Rule, Value

NEAR = 2  # so many rows may lie between a layer's place and the place where it was put

SETTING_RULES = {
    "units": Rule.UNITS,
    "filters": Rule.FILTERS,
    "kernel_size": Rule.KERNEL_SIZE,
    "padding": Rule.PADDING,
    "strides": Rule.STRIDES,
    "pool_size": Rule.POOL_SIZE,
    "use_bias": Rule.BIAS,
    "axis": Rule.NORMALIZATION_OPTIONS,
    "center": Rule.NORMALIZATION_OPTIONS,
    "scale": Rule.NORMALIZATION_OPTIONS,
}


@dataclass(frozen=True)
class Aligned:
    """A step of the reference beside the submission's step that takes its place."""

    reference: Step | None
    submitted: Step | None


def pair_substitutes(pairs: Sequence[Aligned]) -> tuple[Aligned, ...]:
    """The alignment with neighbours of a missing and an extra layer made one pair: a wrong type.

    Pairs that are one layer at another place (an order) stay apart.
    """
    moved = {index for order in find_orders(pairs) for index in order}
    result: list[Aligned] = []
    waiting: list[int] = []
    for index, pair in enumerate(pairs):
        alone = index not in moved and (pair.reference is None or pair.submitted is None)
        if not alone:
            waiting.clear()
            result.append(pair)
            continue
        partner = next((i for i in waiting if _complement(result[i], pair)), None)
        if partner is None:
            waiting.append(len(result))
            result.append(pair)
        else:
            waiting.remove(partner)
            other = result[partner]
            result[partner] = Aligned(
                other.reference or pair.reference, other.submitted or pair.submitted
            )
    return tuple(result)


def _complement(one: Aligned, other: Aligned) -> bool:
    return (one.reference is None) != (other.reference is None)


def find_orders(pairs: Sequence[Aligned]) -> list[tuple[int, int]]:
    """Indices (smaller first) of a missing and an extra row that are one layer at another place."""
    orders: list[tuple[int, int]] = []
    taken: set[int] = set()
    for first, second in combinations(range(len(pairs)), 2):
        between = second - first - 1
        if between > NEAR or {first, second} & taken:
            continue
        one, other = pairs[first], pairs[second]
        if one.reference and not one.submitted and other.submitted and not other.reference:
            same = one.reference.kind == other.submitted.kind
        elif one.submitted and not one.reference and other.reference and not other.submitted:
            same = one.submitted.kind == other.reference.kind
        else:
            continue
        if same and between:
            orders.append((first, second))
            taken |= {first, second}
    return orders


def find_causes(pairs: Sequence[Aligned]) -> Iterator[Finding]:
    """The causes that lie in single layers or in their order, in row order; rows count from 1."""
    orders = dict(find_orders(pairs))
    swaps = dict(_swapped_sizes(pairs))
    explained = set(orders.values()) | set(swaps.values())
    for index, pair in enumerate(pairs):
        if index in explained:
            continue
        if index in orders:
            yield _order(pairs, index, orders[index])
        elif index in swaps:
            yield _swap(pairs, index, swaps[index])
        else:
            yield from _single(pairs, index, pair)


def _single(pairs: Sequence[Aligned], index: int, pair: Aligned) -> Iterator[Finding]:
    reference, submitted = pair.reference, pair.submitted
    values = _place(pairs, index)
    if reference and submitted:
        if reference.kind != submitted.kind:
            yield Finding(Rule.WRONG_TYPE, index + 1, "", values)
        elif not fits(reference, submitted):
            for name in wrong_settings(reference, submitted):
                found, expected = submitted.settings[name], reference.settings[name]
                more: dict[str, Value] = {"setting": name, "found": found, "expected": expected}
                old = name == "strides" and _is_old_spelling(submitted)
                rule = Rule.OLD_KERAS if old else SETTING_RULES[name]
                yield Finding(rule, index + 1, "", {**values, **more})
    elif reference:
        last = not any(pair.reference for pair in pairs[index + 1 :])
        output = last and reference.kind == "Activation"
        rule = Rule.OUTPUT_ACTIVATION if output else Rule.MISSING_LAYER
        yield Finding(rule, index + 1, "missing", values)
    elif submitted:
        kind = "fused" if _doubles_a_fused(pairs, index) else ""
        yield Finding(Rule.EXTRA_LAYER, index + 1, kind, values)


def _doubles_a_fused(pairs: Sequence[Aligned], index: int) -> bool:
    """Whether an extra activation, or the one beside it, was written as a layer's argument."""
    steps = [pair.submitted for pair in pairs]
    extra = steps[index]
    if extra is None or extra.kind != "Activation":
        return False
    beside = [step for step in steps[max(0, index - 1) : index + 2] if step is not None]
    return any(step.layer is not None and step.layer.fused for step in beside)


def _is_old_spelling(step: Step) -> bool:
    """Whether this may be Conv2D(32, 3, 3), which meant a 3 x 3 kernel in Keras 1.

    Today the third argument is the strides, so that kernel and strides become equal.
    """
    convolution = step.kind.endswith("Conv2D")
    kernel = step.settings.get("kernel_size")
    return convolution and kernel == step.settings.get("strides") and kernel != (1, 1)


def wrong_settings(reference: Step, submitted: Step) -> tuple[str, ...]:
    """The fewest settings that, taken from the reference, make the submitted layer give its row.

    Where no choice of the inferred settings does, none is named.
    """
    if submitted.layer is None:
        return ()
    found = submitted.settings
    # Strides that were left to their default go with the size of the pool.
    together = "pool_size" in found and found["strides"] == found["pool_size"]
    known = [n for n in SETTING_RULES if n in reference.settings]
    other = [n for n in known if found.get(n) != reference.settings[n]]
    if together:
        other = [n for n in other if n != "strides"]
    for count in range(1, len(other) + 1):
        for names in combinations(other, count):
            changed = {name: _listed(reference.settings[name]) for name in names}
            if together and "pool_size" in changed:
                changed["strides"] = changed["pool_size"]
            if gives(_with(submitted.layer, changed), reference):
                return names
    return ()


def _with(layer: Layer, settings: dict[str, Json]) -> Layer:
    return replace(layer, config={**layer.config, **settings})


def _listed(value: Value) -> Json:
    return [_listed(item) for item in value] if isinstance(value, tuple) else value


def _swapped_sizes(pairs: Sequence[Aligned]) -> Iterator[tuple[int, int]]:
    """Pairs of rows where each has the size (units or filters) that the other should have."""
    wrong: list[tuple[int, Value, Value]] = []
    for index, pair in enumerate(pairs):
        sizes = _sizes(pair)
        if sizes:
            partner = next((w for w in wrong if (w[1], w[2]) == (sizes[1], sizes[0])), None)
            if partner:
                wrong.remove(partner)
                yield partner[0], index
            else:
                wrong.append((index, *sizes))


def _sizes(pair: Aligned) -> tuple[Value, Value] | None:
    """Size found and size expected, where that is all that is wrong with this layer."""
    if not pair.reference or not pair.submitted or fits(pair.reference, pair.submitted):
        return None
    names = wrong_settings(pair.reference, pair.submitted)
    if names not in {("units",), ("filters",)}:
        return None
    return pair.submitted.settings[names[0]], pair.reference.settings[names[0]]


def _order(pairs: Sequence[Aligned], first: int, second: int) -> Finding:
    """One layer at another place, named with the layer that it should be on the other side of."""
    late = pairs[first].submitted is None
    moved = pairs[second if late else first].submitted
    between = [pair.submitted for pair in pairs[first + 1 : second] if pair.submitted]
    other = between[-1] if late else between[0]
    values: dict[str, Value] = {"late": late}
    for name, step in (("moved", moved), ("other", other)):
        if step is not None:
            values[name] = step.row.layer
            up_to = [p.submitted for p in pairs if p.submitted]
            values[f"{name}_ordinal"] = _ordinal_of(step, up_to[: up_to.index(step) + 1])
            values[f"{name}_count"] = _count(pairs, step, "submitted")
    return Finding(Rule.ORDER, first + 1, "layers", values)


def _swap(pairs: Sequence[Aligned], first: int, second: int) -> Finding:
    sizes = _sizes(pairs[first])
    values: dict[str, Value] = {**_place(pairs, first)}
    if sizes:
        values |= {"found": sizes[0], "expected": sizes[1]}
    values["other"] = values["submitted"]
    values["other_ordinal"] = _ordinal(pairs, second, "submitted")
    values["other_count"] = values["submitted_count"]
    return Finding(Rule.ORDER, first + 1, "sizes", values)


def _place(pairs: Sequence[Aligned], index: int) -> dict[str, Value]:
    """What a sentence needs to name the place: classes, ordinals, shapes, the layers before."""
    pair = pairs[index]
    values: dict[str, Value] = {}
    for side in ("reference", "submitted"):
        step: Step | None = getattr(pair, side)
        if step:
            values[side] = step.row.layer
            values[f"{side}_ordinal"] = _ordinal(pairs, index, side)
            values[f"{side}_count"] = _count(pairs, step, side)
            values[f"{side}_shape"] = step.row.shape
            values[f"{side}_params"] = step.row.params
        before = [getattr(p, side) for p in pairs[:index] if getattr(p, side)]
        if before:
            values[f"{side}_before"] = before[-1].row.layer
            values[f"{side}_before_ordinal"] = _ordinal_of(before[-1], before)
            values[f"{side}_before_count"] = _count(pairs, before[-1], side)
    return values


def _count(pairs: Sequence[Aligned], step: Step, side: str) -> int:
    """How many layers of that step's class there are on its side."""
    steps = (getattr(pair, side) for pair in pairs)
    return sum(other is not None and other.row.layer == step.row.layer for other in steps)


def _ordinal(pairs: Sequence[Aligned], index: int, side: str) -> int:
    steps = [getattr(pair, side) for pair in pairs[: index + 1] if getattr(pair, side)]
    return _ordinal_of(steps[-1], steps)


def _ordinal_of(step: Step, steps: Sequence[Step]) -> int:
    """Which one of its class a step is, counting from 1."""
    return sum(other.row.layer == step.row.layer for other in steps)
