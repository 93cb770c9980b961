"""Authoring, step 7: first tips for a part, from a question to the answer; the author goes on."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from grader.authoring.code import layer_code, takes_several
from grader.authoring.neutral import INPUT
from grader.authoring.printing import axes_text
from grader.authoring.solving import Plan, Solved
from grader.messages.words import count
from grader.records import Value

_WIDTH = 110
_MOST_CALLS = 12


def tips_text(plan: Plan, part_id: str) -> str:
    """The part's tips file."""
    blocks = [f"# Tips for {part_id}, from a question to the answer.\n"]
    for tip in (_question(plan), *_counted(plan), *_settings(plan), _answer(plan)):
        lines = textwrap.wrap(tip, _WIDTH - 2, break_long_words=False, break_on_hyphens=False)
        text = " \\\n".join(lines).replace("\\ ", "\\\\ ")
        blocks.append(f'[[tips]]\ntext = """\n{text}"""\n')
    return "\n".join(blocks)


def _layers(plan: Plan) -> list[Solved]:
    return [one for i, one in enumerate(plan.steps) if one.step.kind != INPUT and one.identity == i]


def _question(plan: Plan) -> str:
    rows = _layers(plan)
    weighted = [one for one in rows if one.step.row.params]
    if any(takes_several(one.layer) for one in rows):
        joins = [one.step.row.layer for one in rows if takes_several(one.layer)]
        return (
            f"Where does the network branch, and what does {joins[0]} join again? Draw it, with "
            "the shape on every line: what do the two sides of such a row have to have in common?"
        )
    most = max(weighted or rows, key=lambda one: one.step.row.params or 0)
    return (
        f"Which rows change the shape, and which have parameters? Why has {most.step.row.layer} "
        f"with {most.step.row.params or 0:,} the most of all?"
    )


def _counted(plan: Plan) -> Iterator[str]:
    """The sum behind the parameters of the first row that has some."""
    for one in _layers(plan):
        told = _sum(one)
        if told:
            yield f"{told} Count the other rows of that kind in the same way."
            return


def _sum(one: Solved) -> str:
    row, settings = one.step.row, one.settings
    shape = one.step.input_shapes[0] if one.step.input_shapes else None
    features = shape[-1] if shape else None
    bias = settings.get("use_bias") is not False
    if row.layer == "Dense" and features:
        units = settings["units"]
        return (
            f"A Dense layer has a weight for each of its {features:,} inputs and {units} outputs"
            f"{', and a bias for each output' if bias else ', and no bias'}: {row.params:,} here."
        )
    kernel = settings.get("kernel_size")
    if row.layer in {"Conv1D", "Conv2D", "Conv3D"} and isinstance(kernel, tuple):
        taps = " x ".join(str(side) for side in kernel)
        return (
            f"A filter of {taps} on {count(features or 0, 'channel')} has "
            f"{taps} x {features} weights"
            f"{' and a bias' if bias else ' and no bias'}; {settings['filters']} of them have "
            f"{row.params:,} parameters."
        )
    if row.layer == "Embedding":
        return (
            f"An Embedding has a vector of {settings['output_dim']} numbers for each word: "
            f"{row.params:,} are enough for {settings['input_dim']:,} words."
        )
    gates = {"LSTM": 4, "GRU": 3, "SimpleRNN": 1}.get(row.layer)
    if gates and features:
        return (
            f"Each unit of {row.layer} looks at {features} inputs and at all {settings['units']} "
            f"units of the step before, {gates} times, with a bias each time: {row.params:,}."
        )
    return ""


def _settings(plan: Plan) -> Iterator[str]:
    """What is to be set beside sizes, with the row that shows it."""
    told: list[str] = []
    for one in _layers(plan):
        for name, value in one.settings.items():
            reason = _reason(one, name, value)
            if reason and not any(reason.split(":")[0] in other for other in told):
                told.append(reason)
    if told:
        yield " ".join(told[:4])


def _reason(one: Solved, name: str, value: Value) -> str:
    row = one.step.row
    given = axes_text(one.step.input_shapes[0]) if one.step.input_shapes else ""
    size = f"{given} becomes {axes_text(row.shape)}"
    ones = isinstance(value, tuple) and set(value) == {1}
    if name == "padding" and value == "same" and "Conv" in row.layer:
        return f'padding="same" keeps the border of {row.layer}: {size}.'
    if name == "padding" and value == "valid" and "Conv" in row.layer:
        window = one.settings.get("kernel_size", ())
        lost = isinstance(window, tuple) and any(side != 1 for side in window)
        return f"{row.layer} without padding loses the border: {size}." if lost else ""
    if name == "strides" and "Conv" in row.layer and not ones:
        return f"Strides above 1 leave places out in {row.layer}: {size}."
    if name == "use_bias" and value is False:
        return f"{row.layer} has no bias: the parameters are those of the weights alone."
    if name == "return_sequences" and value is True:
        return f"return_sequences=True gives the output of every step of {row.layer}: {size}."
    return ""


def _answer(plan: Plan) -> str:
    calls = [layer_code(one).replace("layers.", "") for one in _layers(plan)]
    shown = calls if len(calls) <= _MOST_CALLS else [*calls[:_MOST_CALLS], "and so on"]
    inputs = [one for one in plan.steps if one.step.kind == INPUT]
    shapes = ", ".join(f"({axes_text(one.step.row.shape)})" for one in inputs)
    return f"Beginning with the input {shapes}: {', '.join(shown)}.".replace('"', "'")
