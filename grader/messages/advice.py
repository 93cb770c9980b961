"""Telling: what to try when a file gave no network; only what fits what was found."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from grader.messages.exceptions import exception_advice
from grader.messages.imports import import_advice
from grader.messages.inputs import Sizes, input_sentence
from grader.messages.syntax import syntax_advice
from grader.records import Details, Rule


def _old_keras(details: Details) -> str:
    found, today = details.get("found"), details.get("today")
    if found and "call" in details:
        return (
            f"{found} is a spelling of an older Keras; today it is {today}. In today's spelling "
            f"the whole of it is {details['call']}."
        )
    if found and today:
        return f"{found} is a spelling of an older Keras; today it is {today}."
    if found:
        return f"{found} is a spelling of an older Keras, which is not needed today: leave it out."
    return "This is a spelling of an older Keras: look it up in the documentation of Keras 3."


def _input_shape(details: Details) -> str:
    return input_sentence(_sizes(details.get("found")), _sizes(details.get("expected")))


def _sizes(shape: object) -> Sizes:
    """`(None, 48)` of such a text."""
    sizes = re.findall(r"\d+|None", str(shape))
    return tuple(None if size == "None" else int(size) for size in sizes)


def _no_build_model(details: Details) -> str:
    if "twice" in details:
        return (
            "Python takes the last definition of a name, and that one is still the empty stub: "
            "delete it."
        )
    if "near" in details:
        return f"Is {details['near']} meant to be build_model? The grader calls build_model()."
    if "model" in details:
        return (
            "Put the lines that make the network into a function `def build_model():` that ends "
            f"with `return {details['model']}`."
        )
    return "Define a function named build_model that takes no arguments and returns the network."


def _not_a_model(details: Details) -> str:
    kind, name = str(details.get("type", "")), str(details.get("name", ""))
    if "refused" in details:
        return (
            "Build it from keras.Input and keras.layers only, and leave alone how Keras and Python "
            "themselves work."
        )
    advice = {
        "coroutine": "Write `def build_model():`, not `async def`.",
        "class": (
            f"{name} is a class. Brackets make an object of it, and the network is one such "
            "object: keras.Sequential([...])."
        ),
        "list": "Make a network of these layers: return keras.Sequential([...]).",
        "tuple": "Return one thing, the network: keras.Model(inputs, outputs), say.",
        "KerasTensor": "Make a network of it: return keras.Model(inputs, outputs).",
        "method": "Return the network itself, `return model`, with no point and name behind it.",
        "History": "fit() gives a History. Return the network; the grader trains it.",
    }
    other = "Return the network itself, a keras.Sequential or a keras.Model(inputs, outputs)."
    return advice.get(kind, other)


def _custom_layer(details: Details) -> str:
    if details.get("what") == "function":
        return "Use one of Keras' own activations, by its name: 'relu', say."
    if details.get("what") == "model":
        return (
            "The grader cannot look into a call() of your own. Return keras.Sequential([...]) or "
            "keras.Model(inputs, outputs), built from layers of keras.layers."
        )
    return "Every row of the table is a layer of Keras' own: build it with keras.layers only."


def _not_built(details: Details) -> str:
    if "step" in details:
        return (
            "Keras makes such a layer and cannot compute with it: leave out the setting that the "
            "sentence is about."
        )
    return (
        "Begin the network with keras.Input(shape=...) of the table's input, then add its layers."
    )


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


def _time_limit(details: Details) -> str:
    if "step" in details:
        return (
            "The table's network takes a moment. Compare the sizes of your layers with the table, "
            "and look for a setting that makes a layer work harder: an orthogonal initializer of "
            "a large layer, a very large kernel or dilation."
        )
    return (
        "build_model() only builds the network, the grader trains it: is there a loop that does "
        "not end, or a training in this file?"
    )


def _memory_limit(details: Details) -> str:
    if "params" in details or "values" in details:
        return "Compare the sizes of your layers with the table: one of them is far too large."
    return (
        "Compare the sizes of your layers with the table, and see whether the file trains, or "
        "makes or loads large arrays: the network alone needs little, and the grader trains it."
    )


ADVICE: Mapping[Rule, Callable[[Details], str]] = {
    Rule.SYNTAX_ERROR: syntax_advice,
    Rule.IMPORT_ERROR: import_advice,
    Rule.OLD_KERAS: _old_keras,
    Rule.EXCEPTION: exception_advice,
    Rule.INPUT_SHAPE: _input_shape,
    Rule.NO_BUILD_MODEL: _no_build_model,
    Rule.RETURNED_NONE: lambda _: (
        "build_model() has to end with `return model`: the network itself, not what "
        "model.summary(), model.compile() or print(model) give back, which is None."
    ),
    Rule.NOT_A_MODEL: _not_a_model,
    Rule.NOT_BUILT: _not_built,
    Rule.CUSTOM_LAYER: _custom_layer,
    Rule.SILENT_EXIT: _silent_exit,
    Rule.TIME_LIMIT: _time_limit,
    Rule.MEMORY_LIMIT: _memory_limit,
}
