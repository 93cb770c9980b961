"""Telling: what to try when a file gave no network; only what fits what was found."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from grader.records import Rule

Details = Mapping[str, str | int]

# What Python says of a syntax error, and what is then worth a look.
_SYNTAX = (
    (
        r"parentheses in call to 'print'",
        "This is how Python 2 printed; in Python 3 it is print(...).",
    ),
    (
        r"unicode|utf-8|encoding|null bytes|non-UTF",
        "The file is not saved as UTF-8 text: save it again with your editor, as UTF-8.",
    ),
    (
        r"TabError|IndentationError|indent",
        "Look at the blanks that begin that line and the one above; tabs and spaces do not mix.",
    ),
    (
        r"invalid character|non-printable",
        "A character was pasted that Python does not know: type that line again by hand.",
    ),
    (r"nested", "An expression has far too many brackets inside each other."),
    (
        r"never closed|unterminated|unmatched|was expected|forgot|EOF|does not match",
        "A bracket, comma, colon or quote is missing or too many, on that line or just above.",
    ),
)


def _syntax(details: Details) -> str:
    sentence = str(details.get("sentence", ""))
    for pattern, advice in _SYNTAX:
        if re.search(pattern, sentence, re.IGNORECASE):
            return advice
    return "Python could not read the file: look at the line it names and the one above."


def _import(details: Details) -> str:
    sentence = str(details.get("sentence", ""))
    module = re.search(r"No module named '([^']+)'", sentence)
    if module:
        return (
            f"{module[1]} is not there when your file is graded. Keras, TensorFlow and NumPy are, "
            "and so are the .py files that you hand in beside this one."
        )
    if "relative import" in sentence:
        return "Import the file beside this one by its name alone, without the dot."
    if "cannot import name" in sentence:
        return "The module is there, but not that name in it: is it spelt as in the documentation?"
    return ""


def _old_keras(details: Details) -> str:
    found, today = details.get("found"), details.get("today")
    if found and today:
        return f"{found} is a spelling of an older Keras; today it is {today}."
    return "This is a spelling of an older Keras: look it up in the documentation of Keras 3."


def _exception(details: Details) -> str:
    if "needs_arguments" in details:
        return (
            "build_model() is called without arguments: give its parameters "
            f"({details['needs_arguments']}) default values, or leave them out."
        )
    line = details.get("line")
    place = f"line {line} of {details['file']}" if "file" in details else f"line {line}"
    return f"Python stopped in {place}, for the reason it gives." if line else ""


def _input_shape(details: Details) -> str:
    found, expected = str(details.get("found")), str(details.get("expected"))
    sizes, due = (re.findall(r"\d+|None", text) for text in (found, expected))
    if sizes != due and sizes == [*due[-1:], *due[:-1]]:
        advice = "Keras wants the channels last: height, width, channels."
    elif sizes[1:] == due:
        advice = "keras.Input names the shape of one image: leave the batch axis out."
    else:
        advice = f"Use keras.Input(shape={expected})."
    return (
        f"Your network takes an input of shape {found}, the table starts from {expected}. {advice}"
    )


def _no_build_model(details: Details) -> str:
    if "near" in details:
        return f"Is {details['near']} a slip of the pen? The grader calls build_model()."
    return "Define a function named build_model that takes no arguments and returns the network."


def _custom_layer(details: Details) -> str:
    if details.get("what") == "function":
        return "Use one of Keras' own activations, by its name: 'relu', say."
    return "Every row of the table is a layer of Keras' own: build it with keras.layers only."


def _silent_exit(details: Details) -> str:
    if "signal" in details:
        return (
            "Not your network but something before it made Python itself crash. Take out, line by "
            "line, what does not belong to the network, and run the file with `python`."
        )
    return (
        "Without a network there is nothing to grade. Take out exit(), quit() or sys.exit(), and "
        "see whether the file runs to its end with `python`."
    )


def _memory_limit(details: Details) -> str:
    if "params" in details or "values" in details:
        return "Compare the sizes of your layers with the table: one of them is far too large."
    return (
        "Compare the sizes of your layers with the table, and see whether the file makes or loads "
        "large arrays: the network alone needs little."
    )


ADVICE: Mapping[Rule, Callable[[Details], str]] = {
    Rule.SYNTAX_ERROR: _syntax,
    Rule.IMPORT_ERROR: _import,
    Rule.OLD_KERAS: _old_keras,
    Rule.EXCEPTION: _exception,
    Rule.INPUT_SHAPE: _input_shape,
    Rule.NO_BUILD_MODEL: _no_build_model,
    Rule.RETURNED_NONE: lambda _: (
        "Was the last line forgotten? build_model() has to end with `return model`."
    ),
    Rule.NOT_A_MODEL: lambda details: (
        "Write `def build_model():`, not `async def`."
        if details.get("type") == "coroutine"
        else "Return the network itself, a keras.Sequential or a keras.Model(inputs, outputs)."
    ),
    Rule.NOT_BUILT: lambda _: (
        "Begin the network with keras.Input(shape=...) of the table's input, then add its layers."
    ),
    Rule.CUSTOM_LAYER: _custom_layer,
    Rule.SILENT_EXIT: _silent_exit,
    Rule.TIME_LIMIT: lambda _: (
        "build_model() only builds the network, the grader trains it: is there a loop that does "
        "not end, or a training in this file?"
    ),
    Rule.MEMORY_LIMIT: _memory_limit,
}
