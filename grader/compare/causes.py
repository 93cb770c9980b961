"""Compare, second half: from aligned steps to the causes of what differs.

A cause is looked for at the row where a layer is wrong itself; what it shifts downstream is no
cause. Whatever is not recognised here gives no finding, and the report then says what differs and
stops.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from grader.compare.groups import find_groups
from grader.compare.infer import Settings
from grader.compare.moves import Move, find_exchanges, find_moves
from grader.compare.places import move_values, named, place, places
from grader.compare.steps import Step, fits, gives
from grader.compare.wiring import Aligned, crossed_pairs, is_other_order
from grader.records import Finding, Json, Layer, Rule, Value

SETTING_RULES = {
    "wrapped": Rule.WRONG_TYPE,
    "data_format": Rule.INPUT_SHAPE,
    "units": Rule.UNITS,
    "input_dim": Rule.UNITS,
    "output_dim": Rule.UNITS,
    "num_heads": Rule.UNITS,
    "key_dim": Rule.UNITS,
    "return_sequences": Rule.UNITS,
    "merge_mode": Rule.UNITS,
    "filters": Rule.FILTERS,
    "depth_multiplier": Rule.FILTERS,
    "groups": Rule.FILTERS,
    "kernel_size": Rule.KERNEL_SIZE,
    "padding": Rule.PADDING,
    "cropping": Rule.PADDING,
    "strides": Rule.STRIDES,
    "pool_size": Rule.POOL_SIZE,
    "size": Rule.POOL_SIZE,
    "use_bias": Rule.BIAS,
    "axis": Rule.NORMALIZATION_OPTIONS,
    "center": Rule.NORMALIZATION_OPTIONS,
    "scale": Rule.NORMALIZATION_OPTIONS,
}


def find_causes(pairs: Sequence[Aligned], explained: Collection[int] = ()) -> Iterator[Finding]:
    """The causes that lie in single layers, in their order or their connections.

    Rows count from 1. The pairs that are `explained` already have no part in it.
    """
    moves, exchanges = find_moves(pairs), find_exchanges(pairs)
    swaps = list(_swapped_sizes(pairs))
    known = {i for move in (*moves, *exchanges, *swaps) for i in (move.first, move.second)}
    known |= {*explained, *_lost_with_layer(pairs)}
    yield from _moves(pairs, moves)
    yield from (_exchange(pairs, move) for move in exchanges)
    yield from (_swap(pairs, move) for move in swaps)
    for group in find_groups(pairs, known):
        yield _group(pairs, group)
    told = set()
    for index, pair in enumerate(pairs):
        if index not in known and pair.reference and pair.submitted:
            for finding in _different(index, pair.reference, pair.submitted):
                told.add(index)
                yield finding
    for index in crossed_pairs(pairs):
        if index not in known | told:
            yield _connections(pairs, index)


def _lost_with_layer(pairs: Sequence[Aligned]) -> Iterator[int]:
    """Missing activations of layers that are of a wrong type, where both would be one line."""
    if not any(p.submitted and p.submitted.layer and p.submitted.layer.fused for p in pairs):
        return
    wrong = {p.reference for p in pairs if p.submitted and not _same_kind(p)}
    for index, pair in enumerate(pairs):
        missing = pair.reference if pair.submitted is None else None
        if missing and missing.kind == "Activation" and missing.feeders[0] in wrong:
            yield index


def _same_kind(pair: Aligned) -> bool:
    sides = (pair.reference, pair.submitted)
    return len({step.kind for step in sides if step is not None}) == 1


def _different(index: int, reference: Step, submitted: Step) -> Iterator[Finding]:
    """What is wrong with a layer that stands in its place."""
    values = place(Aligned(reference, submitted))
    if reference.kind != submitted.kind:
        yield Finding(Rule.WRONG_TYPE, index + 1, "", values)
    elif not fits(reference, submitted):
        for name, expected in wrong_settings(reference, submitted).items():
            found = typed(submitted, name)
            more: dict[str, Value] = {"setting": name, "found": found, "expected": expected}
            old = name == "strides" and expected == (1, 1) and _is_old(submitted)
            rule = Rule.OLD_KERAS if old else SETTING_RULES[name]
            yield Finding(rule, index + 1, "", {**values, **more})


def typed(step: Step, name: str) -> Value:
    """A setting as it was written, where canonical form has another spelling (an axis)."""
    written = step.layer.typed.get(name) if step.layer else None
    return written if isinstance(written, int) else step.settings[name]


def _is_old(step: Step) -> bool:
    """Whether this may be Conv2D(32, 3, 3), which meant a 3 x 3 kernel in Keras 1.

    Today the third argument is the strides, so that kernel and strides become equal. Strides of 2
    are more often meant.
    """
    kernel = step.settings.get("kernel_size")
    large = isinstance(kernel, tuple) and all(isinstance(k, int) and k > 2 for k in kernel)  # noqa: PLR2004
    return large and step.kind.endswith("Conv2D") and kernel == step.settings.get("strides")


def wrong_settings(reference: Step, submitted: Step) -> Settings:
    """The fewest settings that, as the reference has them, make the submitted layer give its row.

    Where no choice of the inferred settings does, there are none.
    """
    layer = submitted.layer
    if layer is None:
        return {}
    changes = [
        dict(names)
        for settings in (reference.settings, *reference.other_settings)
        for names in _choices(_differing(settings, submitted.settings))
    ]
    # Of equally few those of the usual settings, which stand first.
    for changed in sorted(changes, key=len):
        together = _strides_go_along(submitted.settings) and "pool_size" in changed
        strides: Settings = {"strides": changed["pool_size"]} if together else {}
        # The two biases of a GRU are none of another layer's settings.
        inside: Settings = {"reset_after": reference.settings.get("reset_after", False)}
        more = {**strides, **(inside if "wrapped" in changed else {})}
        if gives(_with(layer, {**changed, **more}), reference):
            return changed
    return {}


def _differing(settings: Settings, found: Settings) -> Settings:
    """Those of the settings that the submission has otherwise.

    Of a layer that can have its channels elsewhere the table has them last, like all its rows.
    """
    if "data_format" in found:
        settings = {**settings, "data_format": "channels_last"}
    return {
        name: settings[name]
        for name in SETTING_RULES
        if name in settings
        and found.get(name) != settings[name]
        and not (name == "strides" and _strides_go_along(found))
        # Of a Concatenate it is no option of a normalization.
        and not (name == "axis" and "scale" not in found)
    }


def _strides_go_along(found: Settings) -> bool:
    """Whether strides were left to their default, which goes with the size of the pool."""
    return "pool_size" in found and found["strides"] == found["pool_size"]


def _choices(settings: Settings) -> Iterator[tuple[tuple[str, Value], ...]]:
    for count in range(1, len(settings) + 1):
        yield from combinations(settings.items(), count)


def _with(layer: Layer, settings: Settings) -> Layer:
    listed = {name: _listed(value) for name, value in settings.items()}
    return replace(layer, config={**layer.config, **listed})


def _listed(value: Value) -> Json:
    return [_listed(item) for item in value] if isinstance(value, tuple) else value


def _group(pairs: Sequence[Aligned], group: Sequence[int]) -> Finding:
    """Layers that are missing or extra together: one of them, a block, or a branch."""
    first = group[0]
    alone = (pairs[index].reference or pairs[index].submitted for index in group)
    steps = [step for step in alone if step is not None]
    missing = pairs[first].submitted is None
    # An activation that is an argument is no line of its own.
    written = [s for s in steps if s.layer is None or not s.layer.fused] or steps[:1]
    values = place(pairs[first])
    kind = ""
    if len(steps[-1].feeders) > 1:
        kind = "join"
        values |= named("join", steps[-1]) | {"joined": places(steps[-1].feeders)}
    elif len(written) > 1:
        kind = "block"
        values["layers"] = tuple(step.row.layer for step in written)
    elif not missing and len(steps) == 1 and (fused := _doubled(steps[0], pairs)):
        kind = "fused"
        values |= named("fused_into", fused)
    last = not any(pair.reference for pair in pairs[first + 1 :])
    if missing and last and steps[0].kind == "Activation":
        return Finding(Rule.OUTPUT_ACTIVATION, first + 1, "missing", values)
    return Finding(Rule.MISSING_LAYER if missing else Rule.EXTRA_LAYER, first + 1, kind, values)


def _doubled(extra: Step, pairs: Sequence[Aligned]) -> Step | None:
    """The layer whose activation, written as its argument, the extra one follows or is."""
    if extra.kind != "Activation" or extra.layer is None:
        return None
    after = next((p.submitted for p in pairs if p.submitted and extra in p.submitted.feeders), None)
    before = extra.feeders[0]
    if extra.layer.fused:
        return before if after is not None and after.kind == "Activation" else None
    fused = before.layer is not None and before.layer.fused
    return before.feeders[0] if fused else None


def _swapped_sizes(pairs: Sequence[Aligned]) -> Iterator[Move]:
    """Pairs of rows where each has the size (units or filters) that the other should have."""
    wrong: list[tuple[int, Value, Value]] = []
    for index, pair in enumerate(pairs):
        sizes = _sizes(pair)
        if sizes:
            partner = next((w for w in wrong if (w[1], w[2]) == (sizes[1], sizes[0])), None)
            if partner:
                wrong.remove(partner)
                yield Move(partner[0], index)
            else:
                wrong.append((index, *sizes))


def _sizes(pair: Aligned) -> tuple[Value, Value] | None:
    """Size found and size expected, where that is all that is wrong with this layer."""
    if not pair.reference or not pair.submitted or fits(pair.reference, pair.submitted):
        return None
    wrong = wrong_settings(pair.reference, pair.submitted)
    if [*wrong] not in (["units"], ["filters"]):
        return None
    ((name, expected),) = wrong.items()
    return pair.submitted.settings[name], expected


def _moves(pairs: Sequence[Aligned], moves: Sequence[Move]) -> Iterator[Finding]:
    """Layers at another place, and what else is wrong with them.

    Neighbours that were moved together are one finding.
    """
    known = set(moves)
    for move in moves:
        together = [move]
        while (follower := Move(together[-1].first + 1, together[-1].second + 1)) in known:
            together.append(follower)
        if Move(move.first - 1, move.second - 1) not in known:
            yield Finding(Rule.ORDER, move.first + 1, "layers", move_values(pairs, together))
        one, other = pairs[move.first], pairs[move.second]
        missing, extra = one.reference or other.reference, one.submitted or other.submitted
        if missing and extra:
            index = move.first if one.submitted else move.second
            yield from _different(index, missing, extra)


def _exchange(pairs: Sequence[Aligned], move: Move) -> Finding:
    """Two layers in each other's place."""
    values = place(pairs[move.first]) | _other(pairs[move.second])
    return Finding(Rule.ORDER, move.first + 1, "exchanged", values)


def _swap(pairs: Sequence[Aligned], move: Move) -> Finding:
    """Two layers of one class, each with the size of the other."""
    values = place(pairs[move.first]) | _other(pairs[move.second])
    sizes = _sizes(pairs[move.first])
    if sizes:
        values |= {"found": sizes[0], "expected": sizes[1]}
    return Finding(Rule.ORDER, move.first + 1, "sizes", values)


def _other(pair: Aligned) -> Settings:
    return named("other", pair.submitted) if pair.submitted else {}


def _connections(pairs: Sequence[Aligned], index: int) -> Finding:
    """A layer that stands in its place and takes its values from elsewhere."""
    pair = pairs[index]
    values = place(pair)
    if pair.reference and pair.submitted:
        values |= {
            "found": places(pair.submitted.feeders),
            "expected": places(pair.reference.feeders),
        }
    kind = "joined-order" if is_other_order(pairs, index) else "connections"
    return Finding(Rule.ORDER, index + 1, kind, values)
