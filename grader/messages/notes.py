"""Telling: what was written differently but counts as the same, and what was left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping

SAME = "Same network, written differently: "

Sentence = Callable[[list[str]], str]

# Codes and values as in grader.architecture.notes, with those of the sandbox and of the comparison.
_SENTENCES: Mapping[str, Sentence] = {
    "functional": lambda _: SAME + "functional where the sheet has a Sequential.",
    "nested": lambda v: f"{SAME}the inner network {v[0]} counts with its own layers.",
    "batch-size": lambda v: f"{SAME}the fixed batch size of {v[0]} is left out.",
    "fused-activation": lambda v: f"{SAME}{v[0]} has its activation {v[1]} as an argument.",
    "activation-layer": lambda v: f"{SAME}{v[0]} is {v[1]}, which counts as an Activation.",
    "activation-operation": lambda v: f"{SAME}the operation {v[0]} counts as an Activation.",
    "linear-left-out": lambda v: f"{SAME}the linear activation of {v[0]} changes nothing.",
    "shared-activation": lambda v: f"{SAME}{v[0]} is one layer, used more than once.",
    "dtype": lambda v: f"{v[0]} asks for {v[1]}; the grader computes with float32.",
    "call-setting": lambda v: f"The argument {v[1]} in the call of {v[0]} is left out.",
    "own-object": lambda v: f"{v[1]} of {v[0]} is {v[2]}, your own; Keras' default stands for it.",
    "unknown-setting": lambda v: f"{v[0]} has {v[1]}, which the grader cannot rebuild.",
    "own-optimizer": lambda _: "Your own optimizer is replaced by the sheet's.",
    "own-loss": lambda _: "Your own loss is replaced by the sheet's.",
    "unknown-optimizer": lambda v: f"The optimizer {v[0]} is replaced by the sheet's.",
    "unknown-loss": lambda v: f"The loss {v[0]} is replaced by the sheet's.",
    "answer-cut": lambda v: f"Your answer was cut: {int(v[0]):,} bytes are left out.",
    "answer-not-text": lambda _: "ANSWER is not a text.",
    "built-with-part-shape": lambda _: SAME + "no input shape is given, so the table's was taken.",
    "subclass": lambda _: SAME + "a subclass without a call() of its own.",
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
    except (IndexError, ValueError):
        # Notes of the sandbox may be made up by a student's code: too few values, or no numbers.
        return code
