"""Telling: what was written differently but counts as the same, and what was left out.

Students and instructors read the same sentences, so none of them says `you`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

SAME = "Counts as the same: "

Sentence = Callable[[list[str]], str]


def _count(number: str, one: str, several: str = "") -> str:
    """`one layer`, `1,200 layers`; `several` is the plural where it is not `one` with an s."""
    return f"one {one}" if int(number) == 1 else f"{int(number):,} {several or one + 's'}"


def _are(number: str) -> str:
    return "is" if int(number) == 1 else "are"


def _activations(kind: str, name: str, number: str) -> str:
    which = _count(number, f"{kind} {name}", f"{kind}s {name}")
    return f"{SAME}{which} {_are(number)} taken for Activation."


# Codes and values as in grader.architecture.notes, with those of the sandbox and of the comparison.
_SENTENCES: Mapping[str, Sentence] = {
    "functional": lambda _: SAME + "functional where the sheet has a Sequential.",
    "nested": lambda v: (
        f"{SAME}{_count(v[0], 'inner network')} {_are(v[0])} counted by the layers inside."
    ),
    "batch-size": lambda v: f"{SAME}the fixed batch size of {v[0]} is left out.",
    "fused-activation": lambda v: (
        f"{SAME}one layer has its activation as an argument."
        if int(v[0]) == 1
        else f"{SAME}{_count(v[0], 'layer')} have their activation as an argument."
    ),
    "separate-activation": lambda v: (
        f"{SAME}{_count(v[0], 'activation')} {_are(v[0])} a layer of its own"
        f"{'' if int(v[0]) == 1 else ' each'}; the table has none."
    ),
    "activation-layer": lambda v: _activations("layer", *v),
    "activation-operation": lambda v: _activations("operation", *v),
    "linear-left-out": lambda v: (
        f"{SAME}{_count(v[0], 'linear activation')} {_are(v[0])} left out: no change comes of it."
    ),
    "linear-output": lambda _: (
        "The linear activation at the end changes nothing, so it is not counted as a layer."
    ),
    "shared-activation": lambda v: (
        f"{SAME}{_count(v[0], 'activation layer')} {_are(v[0])} used more than once."
    ),
    "dtype": lambda v: (
        f"{_count(v[1], 'layer').capitalize()} would compute in {v[0]}; the grader does in float32."
    ),
    "call-setting": lambda v: (
        f"The argument {v[0]} in the call of {_count(v[1], 'layer')} is left out."
    ),
    "own-object": lambda v: (
        f"{v[1]}, the {v[0]} of {_count(v[2], 'layer')}, is self-written; Keras' default stands "
        "for it."
    ),
    "unknown-setting": lambda v: (
        f"The grader cannot rebuild {_count(v[2], f'layer {v[0]}', f'layers {v[0]}')} with {v[1]}."
    ),
    "compiled": lambda v: f"The {v[0]} is {v[1]}, and another than the sheet's.",
    "own-optimizer": lambda _: "The self-written optimizer is replaced by the sheet's.",
    "own-loss": lambda _: "The self-written loss is replaced by the sheet's.",
    "unknown-optimizer": lambda v: f"The optimizer {v[0]} is replaced by the sheet's.",
    "unknown-loss": lambda v: f"The loss {v[0]} is replaced by the sheet's.",
    "defined-twice": lambda _: "build_model() is defined more than once; the last one counts.",
    "answer-cut": lambda v: f"The answer was cut: {int(v[0]):,} bytes are left out.",
    "answer-not-text": lambda _: "ANSWER is not a text.",
    "built-with-part-shape": lambda _: SAME + "no input shape is given, so the table's was taken.",
    "subclass": lambda _: SAME + "a subclass without a call() of its own.",
    "free": lambda v: (
        f"The table does not show it, so it is free: {v[0]}={v[1]} in {_count(v[2], 'layer')}."
    ),
    "unusual": lambda v: (
        f"Row {v[0]} comes about by {v[1]}={v[2]}, where {v[1]}={v[3]} is usual; the table does "
        "not tell them apart."
    ),
}


def note_message(code: str) -> str:
    """The sentence for a note, `code` or `code:value:value`; an unknown code stands for itself."""
    name, *values = code.split(":")
    sentence = _SENTENCES.get(name)
    try:
        return sentence(values) if sentence else code
    except (IndexError, TypeError, ValueError):
        # Notes of the sandbox may be made up by a student's code: too few values, or no numbers.
        return code
