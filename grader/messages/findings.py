"""Telling: a finding in a sentence: what was found, what the table says, what to try."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from grader.messages.words import article, count, ordinal, setting_text, shape_text
from grader.records import Finding, Rule, Value

Values = Mapping[str, Value]


def finding_message(finding: Finding) -> str:
    """The finding in words, with the student's and the table's numbers."""
    return _SENTENCES[finding.rule](finding.kind, finding.values)


def _yours(values: Values, name: str = "submitted") -> str:
    """The layer as the student knows it: `your second Conv2D`, or `your Flatten`."""
    return f"your {_nth(values, name)}"


def _nth(values: Values, name: str) -> str:
    number, total = values.get(f"{name}_ordinal"), values.get(f"{name}_count")
    which = f"{ordinal(number)} " if isinstance(number, int) and total != 1 else ""
    return f"{which}{values.get(name, 'layer')}"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _input_shape(kind: str, values: Values) -> str:
    found, expected = values["found"], values["expected"]
    head = f"Your network takes an input of shape {found}, the table starts from {expected}"
    advice = {
        "batch-axis": "keras.Input names the shape of one image: leave the batch axis out.",
        "not-flat": (
            "This network gets each image as one flat vector already: "
            f"use keras.Input(shape={expected}) and no Flatten in front."
        ),
        "flat": f"This network gets the image itself: use keras.Input(shape={expected}).",
        "channels-first": "Keras wants the channels last: height, width, channels.",
        "count": f"The table has one input, your network has {values.get('count')}.",
    }.get(kind, f"Use keras.Input(shape={expected}).")
    if kind == "count":
        return f"{advice} Use one keras.Input(shape={expected})."
    return f"{head}. {advice}"


def _missing(_kind: str, values: Values) -> str:
    layer = str(values["reference"])
    gives = shape_text(values["reference_shape"])
    if "reference_before" not in values:
        return f"The table begins with {article(layer)} that gives {gives}: put it first."
    return (
        f"After the {_nth(values, 'reference_before')} the table has {article(layer)} "
        f"that gives {gives}, and your network does not: add it there."
    )


def _output_activation(kind: str, values: Values) -> str:
    if kind == "linear":
        return (
            "Your last Activation is linear and changes nothing: with "
            "keras.layers.Activation('softmax') the outputs become probabilities."
        )
    if kind == "missing":
        return (
            "Your network ends without an Activation row, the table ends with one: add "
            "keras.layers.Activation('softmax'), so that the outputs are probabilities."
        )
    return (
        f"The outputs of your network are not probabilities: {values['found']}. End with "
        "keras.layers.Activation('softmax') over the classes."
    )


def _extra(kind: str, values: Values) -> str:
    layer = str(values["submitted"])
    if kind == "fused":
        return (
            "Here two activations follow each other, one of them written as the argument "
            "activation=... of the layer before: leave out one of the two."
        )
    if "submitted_before" not in values:
        return f"Your network begins with {article(layer)}, the table does not: leave it out."
    return (
        f"After {_yours(values, 'submitted_before')} your network has {article(layer)} that the "
        "table does not have: leave it out."
    )


def _wrong_type(_kind: str, values: Values) -> str:
    table, yours = str(values["reference"]), str(values["submitted"])
    return f"Where the table has {article(table)}, your network has {article(yours)}: replace it."


def _order(kind: str, values: Values) -> str:
    if kind == "sizes":
        found, expected = values["found"], values["expected"]
        return (
            f"Two sizes are swapped: {_yours(values)} has {found} where the table has {expected}, "
            f"and {_yours(values, 'other')} has {expected} where the table has {found}."
        )
    if values["late"]:
        yours, table = "after", "before"
    else:
        yours, table = "before", "after"
    return (
        f"{_sentence(_yours(values, 'moved'))} comes {yours} {_yours(values, 'other')}; "
        f"in the table it comes {table} it."
    )


def _setting(_kind: str, values: Values) -> str:
    name, found, expected = str(values["setting"]), values["found"], values["expected"]
    return (
        f"{_sentence(_yours(values))} has {name}={setting_text(found)}, in the table it is "
        f"{name}={setting_text(expected)}."
    )


def _count_setting(noun: str) -> Callable[[str, Values], str]:
    def sentence(_kind: str, values: Values) -> str:
        found, expected = values["found"], values["expected"]
        number = found if isinstance(found, int) else 0
        yours = _sentence(_yours(values))
        return f"{yours} has {count(number, noun)}, in the table it has {expected}."

    return sentence


def _padding(_kind: str, values: Values) -> str:
    effect = "the border is kept" if values["expected"] == "same" else "the border is cut off"
    return (
        f"{_sentence(_yours(values))} gives {shape_text(values['submitted_shape'])}, the table "
        f"{shape_text(values['reference_shape'])}: with padding={setting_text(values['expected'])} "
        f"{effect}."
    )


def _old_keras(_kind: str, values: Values) -> str:
    found = values["found"]
    side = found[0] if isinstance(found, tuple) and found else 3
    return (
        f"{_sentence(_yours(values))} moves on by {side} pixels at a time, the table's by 1. "
        f"Conv2D(..., {side}, {side}) meant a {side} x {side} kernel in an older Keras; today the "
        f"last number is the strides, and it is written kernel_size=({side}, {side})."
    )


def _bias(_kind: str, values: Values) -> str:
    without = "has no bias" if values["found"] is False else "has a bias"
    table = "with one" if values["expected"] is True else "without one"
    return (
        f"{_sentence(_yours(values))} {without}: {values['submitted_params']:,} parameters. "
        f"The table counts {values['reference_params']:,}, {table}: "
        f"use_bias={values['expected']}."
    )


def _normalization(_kind: str, values: Values) -> str:
    return (
        f"{_sentence(_yours(values))} has {values['setting']}={setting_text(values['found'])} and "
        f"{values['submitted_params']:,} parameters, the table {values['reference_params']:,}: "
        f"that is {values['setting']}={setting_text(values['expected'])}, which is Keras' default."
    )


def _frozen(kind: str, values: Values) -> str:
    what = "Your whole network" if kind == "all" else _sentence(_yours(values))
    return (
        f"{what} is frozen (trainable=False), so that {values['found']:,} parameters can be "
        f"trained; in the table {values['expected']:,} can. Leave trainable at its default."
    )


_SENTENCES: Mapping[Rule, Callable[[str, Values], str]] = {
    Rule.INPUT_SHAPE: _input_shape,
    Rule.MISSING_LAYER: _missing,
    Rule.OUTPUT_ACTIVATION: _output_activation,
    Rule.EXTRA_LAYER: _extra,
    Rule.WRONG_TYPE: _wrong_type,
    Rule.ORDER: _order,
    Rule.UNITS: _count_setting("unit"),
    Rule.FILTERS: _count_setting("filter"),
    Rule.KERNEL_SIZE: _setting,
    Rule.STRIDES: _setting,
    Rule.OLD_KERAS: _old_keras,
    Rule.POOL_SIZE: _setting,
    Rule.PADDING: _padding,
    Rule.BIAS: _bias,
    Rule.NORMALIZATION_OPTIONS: _normalization,
    Rule.FROZEN: _frozen,
}
