"""Telling: why a file gave no network, and what to try."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from grader.messages.words import article
from grader.records import Fault, Outcome, Rule

Details = Mapping[str, str | int]


def fault_message(fault: Fault, path: str) -> str:
    """What happened, in a sentence, then the student's own lines of the traceback if any.

    `path` is the student's file.
    """
    if fault.outcome is Outcome.NOT_ATTEMPTED:
        return f"build_model() in {path} is still to be written." if path else "Not handed in."
    if fault.outcome is Outcome.GRADER_ERROR:
        sentence = fault.details.get("sentence")
        return f"The grader itself had trouble, this is not your fault: {sentence}"
    if fault.rule is None:
        return (
            f"There are several files for this part, and which one counts is not clear: {path}. "
            "Hand in one of them."
        )
    message = _WHAT[fault.rule](path, fault.details)
    traceback = str(fault.details.get("traceback", "")).rstrip()
    return f"{message}\n{traceback}" if traceback else message


def fault_hint(fault: Fault) -> str:
    """What to try next; empty where no known cause fits."""
    if fault.rule is None:
        return ""
    advice = _ADVICE.get(fault.rule)
    return advice(fault.details) if advice else ""


def _raised(path: str, details: Details) -> str:
    sentence = str(details.get("sentence", "an exception"))
    line = details.get("line")
    where = f"{path}, line {line}" if line else path
    return f"{where}: {sentence}"


def _no_build_model(path: str, details: Details) -> str:
    if "type" in details:
        found = article(str(details["type"]))
        return f"build_model in {path} is {found}, and a function is expected."
    if "near" in details:
        return f"{path} defines {details['near']}, but no function build_model."
    if "model" in details:
        return f"{path} makes a network, {details['model']}, but has no function build_model."
    return f"{path} has no function build_model."


def _not_a_model(path: str, details: Details) -> str:
    refused = details.get("refused")
    if refused:
        return f"What build_model() in {path} returned could not be read: {refused}."
    kind, name = str(details.get("type", "object")), details.get("name")
    found = f"the {kind} {name}" if kind in {"class", "function"} and name else article(kind)
    items = f" ({details['items']})" if details.get("items") else ""
    return f"build_model() in {path} returned {found}{items}; a keras.Model is expected."


def _not_built(path: str, details: Details) -> str:
    sentence = details.get("sentence")
    if details.get("layers") == 0:
        return f"The network that build_model() in {path} returned has no layers yet."
    head = f"The network of {path} could not be built with the table's input"
    return f"{head}: {sentence}" if sentence else f"{head}."


def _custom_layer(path: str, details: Details) -> str:
    name = str(details.get("class", "a layer"))
    if details.get("what") == "model":
        return f"{path} returns {article(name)}, a model with a call() of its own."
    layer = f" ({details['layer']})" if details.get("layer") else ""
    if name == "Lambda":
        return f"{path} has a Lambda layer{layer}, which runs code that the grader does not run."
    return f"{path} uses {name}{layer}, which is not one of Keras' own."


def _silent_exit(path: str, details: Details) -> str:
    sentence, code = details.get("sentence"), details.get("exit_code")
    if sentence:
        how = f" ({sentence})"
    else:
        how = f" (exit code {code})" if code is not None else ""
        if details.get("signal"):
            how = f" (signal {details['signal']})"
    return (
        f"Python ended{how} while {path} was running, before build_model() had returned a network."
    )


def _time_limit(path: str, details: Details) -> str:
    limit = details.get("limit")
    return f"{path} was stopped after {limit}: build_model() had not returned by then."


def _memory_limit(path: str, details: Details) -> str:
    params = details.get("params")
    if isinstance(params, int):
        return f"The network of {path} has {params:,} parameters, more than the grader builds."
    return f"{path} needed more memory than there is for building a network."


_WHAT: Mapping[Rule, Callable[[str, Details], str]] = {
    Rule.SYNTAX_ERROR: _raised,
    Rule.IMPORT_ERROR: _raised,
    Rule.OLD_KERAS: _raised,
    Rule.EXCEPTION: _raised,
    Rule.NO_BUILD_MODEL: _no_build_model,
    Rule.RETURNED_NONE: lambda path, _: f"build_model() in {path} returned None.",
    Rule.NOT_A_MODEL: _not_a_model,
    Rule.NOT_BUILT: _not_built,
    Rule.CUSTOM_LAYER: _custom_layer,
    Rule.SILENT_EXIT: _silent_exit,
    Rule.TIME_LIMIT: _time_limit,
    Rule.MEMORY_LIMIT: _memory_limit,
}


def _old_keras(details: Details) -> str:
    found, today = details.get("found"), details.get("today")
    if found and today:
        return f"{found} is a spelling of an older Keras; today it is {today}."
    return (
        "This is a spelling of an older Keras: look the layer up in the documentation of Keras 3."
    )


_ADVICE: Mapping[Rule, Callable[[Details], str]] = {
    Rule.SYNTAX_ERROR: lambda _: (
        "Python could not read the file. Look at the line it names and the one above: "
        "often a bracket, a comma or a quote is missing."
    ),
    Rule.IMPORT_ERROR: lambda _: (
        "This module is not there when your file is graded. Keras, TensorFlow and NumPy are, and "
        "so are the .py files that you hand in beside this one."
    ),
    Rule.OLD_KERAS: _old_keras,
    Rule.NO_BUILD_MODEL: lambda details: (
        f"Is {details['near']} a slip of the pen for build_model? The grader calls build_model()."
        if "near" in details
        else "Define a function named build_model that takes no arguments and returns the network."
    ),
    Rule.RETURNED_NONE: lambda _: (
        "Was the last line forgotten? build_model() has to end with `return model`."
    ),
    Rule.NOT_A_MODEL: lambda _: (
        "Return the network itself, a keras.Sequential or a keras.Model(inputs, outputs)."
    ),
    Rule.NOT_BUILT: lambda _: (
        "Begin the network with keras.Input(shape=...) of the table's input, then add its layers."
    ),
    Rule.CUSTOM_LAYER: lambda _: (
        "Every row of the table is a layer of Keras' own: build it with keras.layers only."
    ),
    Rule.SILENT_EXIT: lambda _: (
        "Without an answer there is nothing to grade. Take out exit(), quit() or sys.exit(), and "
        "see whether the file runs to its end with `python`."
    ),
    Rule.TIME_LIMIT: lambda _: (
        "build_model() only builds the network, the grader trains it: is there a loop that does "
        "not end, or a training in this file?"
    ),
    Rule.MEMORY_LIMIT: lambda _: (
        "Compare the sizes of your layers with the parameter counts of the table: one of them may "
        "be far too large."
    ),
}
