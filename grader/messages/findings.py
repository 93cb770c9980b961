"""Telling: a finding in a sentence: what was found, what the table says, what to try."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from grader.messages.inputs import input_sentence
from grader.messages.naming import Values, nth, several, yours
from grader.messages.wiring import completed, extra_join, missing_join, order
from grader.messages.words import article, count, sentence, setting_text, shape_text
from grader.records import Finding, Rule, Target, Value

_WITHOUT_ARGUMENTS = frozenset({"BatchNormalization", "Flatten", "GlobalAveragePooling2D"})
_WITH_UNITS = frozenset({"Dense", "SimpleRNN", "LSTM", "GRU"})
_SHOWN_BY_COUNT = frozenset({"kernel_size", "input_dim", "num_heads", "key_dim"})
_WITH_SIZE = frozenset({"Conv1D", "Conv2D", "Conv3D"}) | _WITH_UNITS


def finding_message(finding: Finding) -> str:
    """The finding in words, with the student's and the table's numbers."""
    return completed(_SENTENCES[finding.rule](finding.kind, finding.values), finding.values)


def _have(values: Values) -> str:
    return "have" if isinstance(values.get("ordinals"), tuple) else "has"


def _sizes(value: Value) -> tuple[int | None, ...]:
    items = value if isinstance(value, tuple) else ()
    return tuple(item if isinstance(item, int) else None for item in items)


def _classes(values: Values) -> str:
    """The layer classes of several neighbouring rows that are one slip together."""
    layers = values.get("layers")
    return several([str(layer) for layer in layers]) if isinstance(layers, tuple) else ""


def _input_shape(kind: str, values: Values) -> str:
    if values.get("setting") == "data_format":
        return _channels_first(values)
    found, expected = _sizes(values["found"]), _sizes(values["expected"])
    if kind == "count":
        due, number = values.get("expected_count", 1), values["count"]
        inputs = count(due if isinstance(due, int) else 1, "input")
        use = "one" if due == 1 else "one for each, such as"
        return (
            f"The table has {inputs}, your network has {number}: use {use} "
            f"keras.Input(shape={expected})."
        )
    return input_sentence(found, expected)


def _channels_first(values: Values) -> str:
    head = f"{sentence(yours(values))} {_have(values)} data_format={setting_text(values['found'])}"
    if "ordinals" in values:
        shapes = ", in the table the channels stand last"
    else:
        shapes = (
            f" and gives {shape_text(values['submitted_shape'])}, the table "
            f"{shape_text(values['reference_shape'])}, with the channels last"
        )
    return (
        f"{head}{shapes}: leave data_format out, and set_image_data_format, where your file has it."
    )


def _missing(kind: str, values: Values) -> str:
    if kind == "join":
        return missing_join(values)
    layer = str(values["reference"])
    gives = shape_text(values["reference_shape"])
    place = f"After the {nth(values, 'reference_before')}"
    if kind == "block":
        after = place if "reference_before" in values else "At its beginning"
        return (
            f"{after} the table has {_classes(values)}, and your network does not: add them there, "
            f"beginning with {_written(values)}."
        )
    if "reference_before" not in values:
        return (
            f"The table begins with {article(layer)} that gives {gives}: put {_written(values)} "
            "first."
        )
    return (
        f"{place} the table has {article(layer)} that gives {gives}, and your network does not: "
        f"add {_written(values)} there."
    )


def _written(values: Values) -> str:
    """The layer of the table as it is typed: `keras.layers.Dense(200)`, `...MaxPooling2D(...)`."""
    layer, shape = str(values["reference"]), values["reference_shape"]
    arguments = "" if layer in _WITHOUT_ARGUMENTS else "..."
    if layer in _WITH_SIZE and isinstance(shape, tuple) and shape:
        arguments = str(shape[-1]) if layer in _WITH_UNITS else f"{shape[-1]}, ..."
    return f"keras.layers.{layer}({arguments})"


def _output_activation(kind: str, values: Values) -> str:
    target = values.get("target")
    if target == Target.NUMBERS:
        return _end_of_numbers(kind, values)
    is_single = target == Target.YES_OR_NO
    softmax = f"keras.layers.Activation('{'sigmoid' if is_single else 'softmax'}')"
    if kind == "linear":
        return (
            "Your last Activation is linear and changes nothing: with "
            f"{softmax} the outputs become probabilities."
        )
    if kind == "missing":
        return (
            f"Your network ends without an Activation, the table ends with one: add {softmax}, "
            "which makes probabilities of the outputs."
        )
    if kind == "function":
        return (
            f"Your last Activation is {setting_text(values['found'])}, which gives no "
            f"probabilities: write {softmax} in its place."
        )
    if kind == "axis":
        return (
            f"Your last softmax goes along axis {values['found']}; the classes lie on the last "
            f"axis: write {softmax} in its place."
        )
    return (
        f"The outputs of your network are no probabilities: {values['found']}. End with "
        f"{softmax}{'' if is_single else ' over the classes'}."
    )


def _end_of_numbers(kind: str, values: Values) -> str:
    if kind == "missing":
        return "Your network ends without an Activation, the table ends with one: add it."
    if kind == "linear":
        return "Your last Activation is linear and changes nothing: write the table's in its place."
    return (
        f"The outputs of your network are not the numbers asked for: {values['found']}. Look for a "
        "layer or an activation that makes them too large."
    )


def _extra(kind: str, values: Values) -> str:
    if kind == "join":
        return extra_join(values)
    layer = str(values["submitted"])
    if kind == "fused":
        place = f"After {yours(values, 'fused_into')}" if "fused_into" in values else "Here"
        return (
            f"{place} two activations follow each other: one is the argument activation=... of the "
            "layer, the other a layer of its own. Leave out one of the two."
        )
    place = f"After {yours(values, 'submitted_before')} your network has"
    if kind == "block":
        begin = place if "submitted_before" in values else "Your network begins with"
        return f"{begin} {_classes(values)}, which the table does not have there: leave them out."
    if "submitted_before" not in values:
        return f"Your network begins with {article(layer)}, the table does not: leave it out."
    if values["submitted_before"] == layer:
        return f"{place} another {layer}, the table has only one there: leave one of them out."
    return f"{place} {article(layer)} that the table does not have: leave it out."


def _wrong_type(_kind: str, values: Values) -> str:
    if values.get("setting") == "wrapped":
        return (
            f"In {yours(values)} stands {article(str(values['found']))}, in the table's "
            f"{article(str(values['expected']))}, as its parameters show: put that layer in its "
            "place."
        )
    table = str(values["reference"])
    return (
        f"{sentence(yours(values))} stands where the table has {article(table)}: write "
        f"{_written(values)} in its place."
    )


def _setting(_kind: str, values: Values) -> str:
    name, found = str(values["setting"]), values["found"]
    expected = setting_text(values["expected"])
    return (
        f"{sentence(yours(values))} {_have(values)} {name}={setting_text(found)}, in the table it "
        f"is {expected}{_evidence(name, values)}: set {name}={expected}."
    )


def _evidence(name: str, values: Values) -> str:
    """What of the table's row shows the setting, which the row does not print."""
    params, shape = values.get("reference_params"), values.get("reference_shape")
    if "ordinals" in values:
        return ""
    if name in _SHOWN_BY_COUNT and isinstance(params, int):
        return f", as its {count(params, 'parameter')} show"
    return f", as its shape {shape_text(shape)} shows" if isinstance(shape, tuple) else ""


def _count_setting(setting: str) -> Callable[[str, Values], str]:
    def size(kind: str, values: Values) -> str:
        if values.get("setting", setting) != setting:
            return _setting(kind, values)
        found, expected = values["found"], values["expected"]
        number = count(found if isinstance(found, int) else 0, setting.removesuffix("s"))
        return (
            f"{sentence(yours(values))} {_have(values)} {number}, in the table it has {expected}: "
            f"set {setting}={expected}."
        )

    return size


def _padding(kind: str, values: Values) -> str:
    if not isinstance(values["expected"], str):
        return _setting(kind, values)
    found, expected = setting_text(values["found"]), setting_text(values["expected"])
    effect = "keeps the border" if values["expected"] == "same" else "cuts the border off"
    head = f"{sentence(yours(values))} {_have(values)} padding={found}"
    if "ordinals" in values:
        return f"{head}, the table padding={expected}, which {effect}: set padding={expected}."
    return (
        f"{head} and gives {shape_text(values['submitted_shape'])}, the table "
        f"{shape_text(values['reference_shape'])}: set padding={expected}, which {effect}."
    )


def _old_keras(_kind: str, values: Values) -> str:
    found = values["found"]
    side = found[0] if isinstance(found, tuple) and found else 3
    return (
        f"{sentence(yours(values))} moves on by {side} pixels at a time (strides={side}), the "
        f"table's by 1. Is it written Conv2D(..., {side}, {side})? That was a {side} x {side} "
        f"kernel in an older Keras; today it is written Conv2D(..., ({side}, {side}))."
    )


def _bias(_kind: str, values: Values) -> str:
    without = "no bias" if values["found"] is False else "a bias"
    table = "with a bias" if values["expected"] is True else "without one"
    if "ordinals" in values:
        return (
            f"{sentence(yours(values))} have {without}, each in the table is {table}: set "
            f"use_bias={values['expected']}."
        )
    return (
        f"{sentence(yours(values))} has {without}{_and_params(values)}, the table "
        f"counts {values['reference_params']:,}, {table}: set use_bias={values['expected']}."
    )


def _normalization(_kind: str, values: Values) -> str:
    name, expected = str(values["setting"]), setting_text(values["expected"])
    head = f"{sentence(yours(values))} {_have(values)} {name}="
    if "ordinals" in values:
        found = setting_text(values["found"])
        return f"{head}{found}, in the table it is {expected}: set {name}={expected}."
    if name != "axis":
        found = setting_text(values["found"])
        return (
            f"{head}{found}{_and_params(values)}, the table counts "
            f"{values['reference_params']:,}: set {name}={expected}, or leave {name} out."
        )
    return (
        f"{head}{setting_text(values['found'])}{_and_params(values)}; the table's "
        f"{values['reference_params']:,} come of the last axis, the channels: leave axis out."
    )


def _and_params(values: Values) -> str:
    params = values.get("submitted_params")
    return f" and {count(params, 'parameter')}" if isinstance(params, int) else ""


def _frozen(kind: str, values: Values) -> str:
    whole = kind == "all"
    what = "Your whole network" if whole else sentence(yours(values))
    found = values["found"]
    are = "are" if "ordinals" in values else "is"
    can = "no parameter" if found == 0 else f"{found:,} parameters"
    return (
        f"{what} {are} frozen (trainable=False): {can} can be trained, in the table "
        f"{values['expected']:,}. Leave out trainable=False."
    )


_SENTENCES: Mapping[Rule, Callable[[str, Values], str]] = {
    Rule.INPUT_SHAPE: _input_shape,
    Rule.MISSING_LAYER: _missing,
    Rule.OUTPUT_ACTIVATION: _output_activation,
    Rule.EXTRA_LAYER: _extra,
    Rule.WRONG_TYPE: _wrong_type,
    Rule.ORDER: order,
    Rule.UNITS: _count_setting("units"),
    Rule.FILTERS: _count_setting("filters"),
    Rule.KERNEL_SIZE: _setting,
    Rule.STRIDES: _setting,
    Rule.OLD_KERAS: _old_keras,
    Rule.POOL_SIZE: _setting,
    Rule.PADDING: _padding,
    Rule.BIAS: _bias,
    Rule.NORMALIZATION_OPTIONS: _normalization,
    Rule.FROZEN: _frozen,
}
