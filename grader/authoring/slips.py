"""Slips: every usual mistake in a network, one at a time, with the hint that names it.

A unit is a layer with the activation that is its argument, as people write, drop and move them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from grader.architecture import plain_settings, supposed_layer
from grader.architecture.canonical import DEFAULT_CAPS, Caps
from grader.architecture.refusals import OutsideTableError, ReplyError
from grader.authoring.units import Unit, built, dropped, follower, inserted, lost, units_of
from grader.compare.causes import SETTING_RULES
from grader.records import Architecture, Finding, Json, Layer, Rule

# What is easily taken for the other, or is what most would write in its place.
SIBLINGS = {
    **{f"MaxPooling{n}D": f"AveragePooling{n}D" for n in (1, 2, 3)},
    **{f"AveragePooling{n}D": f"MaxPooling{n}D" for n in (1, 2, 3)},
    **{f"GlobalAveragePooling{n}D": f"GlobalMaxPooling{n}D" for n in (1, 2, 3)},
    **{f"GlobalMaxPooling{n}D": f"GlobalAveragePooling{n}D" for n in (1, 2, 3)},
    **{f"Conv{n}D": f"SeparableConv{n}D" for n in (1, 2)},
    **{f"SeparableConv{n}D": f"Conv{n}D" for n in (1, 2)},
    "Dropout": "GaussianDropout",
    "BatchNormalization": "LayerNormalization",
    "LayerNormalization": "BatchNormalization",
    "Flatten": "GlobalAveragePooling2D",
    "Activation": "Dropout",
    "Dense": "Flatten",
    "LSTM": "GRU",
    "GRU": "LSTM",
    "SimpleRNN": "LSTM",
}
_KEPT = frozenset(
    {
        *("filters", "kernel_size", "strides", "padding", "pool_size", "units"),
        *("return_sequences", "rate"),
    }
)
_NUMBERS = ("units", "output_dim", "input_dim", "filters", "kernel_size", "pool_size", "strides")
_IMAGE_AXES = 4


@dataclass(frozen=True)
class Slip:
    """A network with one slip: what was done, the rule that names it, and the layers concerned.

    `layers` are classes and names as in the rows of the right network. Layers like them beside them
    are as right, where one was dropped or doubled (`may_slide`).
    """

    name: str
    architecture: Architecture
    rule: Rule
    layers: tuple[tuple[str, str], ...]
    may_slide: bool = False


@dataclass(frozen=True)
class _Change:
    name: str
    units: Sequence[Unit]
    outputs: Sequence[int]
    rule: Rule
    places: tuple[int, ...]
    may_slide: bool = False


def slips(architecture: Architecture, caps: Caps = DEFAULT_CAPS) -> Iterator[Slip]:
    """All single slips of a network that give a network, in the order of its layers."""
    units, outputs = units_of(architecture)
    for index, unit in enumerate(units):
        if unit.layer.class_name == "InputLayer" or unit.layer.shares is not None:
            continue
        for change in _at(units, outputs, index):
            made = built(change.units, change.outputs, caps)
            if made is not None:
                concerned = tuple(
                    (units[place].layer.class_name, units[place].layer.name)
                    for place in change.places
                )
                yield Slip(change.name, made, change.rule, concerned, change.may_slide)


def is_named(slip: Slip, findings: Sequence[Finding], rows: Mapping[tuple[str, str], int]) -> bool:
    """Whether the first finding is the slip, at its row or, where it may slide, two rows off.

    `rows` are those of the right network, counted from 1, by class and name of the layer.
    """
    if not findings or findings[0].rule is not slip.rule:
        return False
    near = {rows[layer] + offset for layer in slip.layers if layer in rows for offset in _OFFSETS}
    exact = {rows[layer] for layer in slip.layers if layer in rows}
    place = findings[0].row
    return place is None or place in (near if slip.may_slide else exact)


_OFFSETS = (-2, -1, 0, 1, 2)


def _at(units: Sequence[Unit], outputs: Sequence[int], index: int) -> Iterator[_Change]:
    unit, kind = units[index], units[index].layer.class_name
    name = f"{kind} {unit.layer.name}".strip()
    last = kind == "Activation" and index in outputs
    rule = Rule.OUTPUT_ACTIVATION if last else Rule.MISSING_LAYER
    if unit.layer.shares is None and not any(u.layer.shares is not None for u in units):
        gone = (index, *lost(units, outputs, index))
        yield _Change(f"drop {name}", *dropped(units, outputs, index), rule, gone, may_slide=True)
        doubled = inserted(units, outputs, index)
        yield _Change(f"double {name}", *doubled, Rule.EXTRA_LAYER, (index,), may_slide=True)
    after = follower(units, index)
    if after is not None and kind != units[after].layer.class_name:
        swapped = list(units)
        swapped[index] = replace(units[after], inputs=unit.inputs)
        swapped[after] = replace(unit, inputs=units[after].inputs)
        places = (index,)
        yield _Change(f"swap {name} with the next", swapped, outputs, Rule.ORDER, places)
    sibling = _inside(unit) or _sibling(unit)
    if sibling is not None:
        changed = [*units[:index], sibling, *units[index + 1 :]]
        yield _Change(f"replace {name}", changed, outputs, Rule.WRONG_TYPE, (index,))
    for setting, config in _settings(unit.layer):
        layer = replace(unit.layer, config={**unit.layer.config, **config})
        changed = [*units[:index], replace(unit, layer=layer), *units[index + 1 :]]
        yield _Change(f"{name} {config}", changed, outputs, SETTING_RULES[setting], (index,))
    yield from _of_weights(units, outputs, index)


def _inside(unit: Unit) -> Unit | None:
    """The same wrapper around what is easily taken for the layer inside."""
    other = SIBLINGS.get(str(unit.layer.config.get("wrapped")), "")
    if unit.layer.class_name != "Bidirectional" or not other:
        return None
    kept = {*_KEPT, "merge_mode"}
    config = {key: value for key, value in unit.layer.config.items() if key in kept}
    settings = {"wrapped": other, **plain_settings(config)}
    return replace(unit, layer=supposed_layer("Bidirectional", settings, unit.layer.name))


def _of_weights(units: Sequence[Unit], outputs: Sequence[int], index: int) -> Iterator[_Change]:
    """A normalization along the wrong axis, and a frozen layer."""
    unit, kind = units[index], units[index].layer.class_name
    name = f"{kind} {unit.layer.name}".strip()
    before = [one.layer.class_name for one in units[:index]]
    if kind == "BatchNormalization" and "Flatten" not in before and "Conv2D" in before:
        layer = replace(unit.layer, config={**unit.layer.config, "axis": 1})
        changed = [*units[:index], replace(unit, layer=layer), *units[index + 1 :]]
        rule = Rule.NORMALIZATION_OPTIONS
        yield _Change(f"{name} axis", changed, outputs, rule, (index,))
    if kind in {"Dense", "Conv1D", "Conv2D", "BatchNormalization", "LSTM", "GRU", "Embedding"}:
        layer = replace(unit.layer, trainable=False)
        changed = [*units[:index], replace(unit, layer=layer), *units[index + 1 :]]
        yield _Change(f"freeze {name}", changed, outputs, Rule.FROZEN, (index,))


def _sibling(unit: Unit) -> Unit | None:
    kind = SIBLINGS.get(unit.layer.class_name)
    if kind is None:
        return None
    config = {key: value for key, value in unit.layer.config.items() if key in _KEPT}
    if kind.endswith("Dropout"):
        config = {"rate": 0.3}
    elif not kind.endswith(("Conv1D", "Conv2D", "Pooling1D", "Pooling2D", "Pooling3D")):
        config = {k: v for k, v in config.items() if k in {"units", "return_sequences"}}
    if kind.startswith(("Global", "Flatten")):
        config = {}
    try:
        layer = supposed_layer(kind, plain_settings(config), unit.layer.name)
    except (ReplyError, OutsideTableError):
        return None
    keeps = kind.endswith(("Conv1D", "Conv2D"))
    return replace(unit, layer=layer, fused=unit.fused if keeps else None)


def _settings(layer: Layer) -> Iterator[tuple[str, dict[str, Json]]]:
    """Each number halved, doubled and off by one; each switch the other way."""
    config = layer.config
    for setting in _NUMBERS:
        value = config.get(setting)
        number = value[0] if isinstance(value, list) and value else value
        for other in sorted(_others(number)) if isinstance(number, int) else ():
            changed: dict[str, Json] = {
                setting: [other] * len(value) if isinstance(value, list) else other
            }
            if setting == "pool_size" and config["strides"] == value:
                # Strides that are left out go with the size of the pool.
                changed["strides"] = changed["pool_size"]
            yield setting, changed
    padding = config.get("padding")
    if padding in ("same", "valid") and "Conv" in layer.class_name:
        yield "padding", {"padding": "valid" if padding == "same" else "same"}
    for switch in ("use_bias", "return_sequences"):
        if switch in config:
            yield switch, {switch: config[switch] is False}
    # The values of a Flatten only come in another order, which no row shows.
    if "data_format" in config and layer.class_name != "Flatten":
        yield "data_format", {"data_format": "channels_first"}
    if layer.class_name == "BatchNormalization":
        yield "scale", {"scale": config["scale"] is False}
        yield "center", {"center": config["center"] is False}


def _others(number: int) -> set[int]:
    return {number // 2, number * 2, number - 1, number + 1} - {0, number}
