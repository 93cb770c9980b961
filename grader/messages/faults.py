"""Telling: why a file gave no network, and what to try."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from grader.messages.advice import ADVICE
from grader.messages.words import article
from grader.records import Details, Fault, Outcome, Rule


def fault_message(fault: Fault, path: str) -> str:
    """What happened, in a sentence, then the student's own lines of the traceback if any.

    `path` is the student's file.
    """
    if fault.outcome is Outcome.NOT_ATTEMPTED and not fault.rule:
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
    """What to try next; where nothing better is known, what Python said."""
    advice = ADVICE[fault.rule](fault.details) if fault.rule and fault.rule in ADVICE else ""
    return advice or str(fault.details.get("sentence", ""))


_REFUSED: Mapping[str, str] = {
    "form": "it does not have the form that Keras gives a network",
    "changed": "the file changes parts of Python or Keras that are needed for it",
    "too-large": "it is far larger than a network of the sheets",
    "sparse-input": "its input is sparse or ragged, where images are dense",
}


def _raised(path: str, details: Details) -> str:
    sentence = str(details.get("sentence", "an exception"))
    return f"{_where(path, details)}: {sentence}"


def _where(path: str, details: Details) -> str:
    """The file and line of the student's where it happened; the file may be a helper beside it."""
    file, line = str(details.get("file", path)), details.get("line")
    return f"{file}, line {line}" if line else file


def _no_build_model(path: str, details: Details) -> str:
    if "twice" in details:
        return f"build_model() is defined more than once in {path}, and the last one is empty."
    if "type" in details:
        found = article(str(details["type"]))
        return f"build_model in {path} is {found}, and a function is expected."
    if "near" in details:
        return f"{path} defines {details['near']}, but no function build_model."
    if "model" in details:
        return f"{path} makes a network, {details['model']}, but has no function build_model."
    return f"{path} has no function build_model."


def _not_a_model(path: str, details: Details) -> str:
    if "refused" in details:
        why = _REFUSED.get(str(details["refused"]), _REFUSED["form"])
        found = f" ({details['found']})" if details.get("found") else ""
        return f"What build_model() in {path} returned could not be read: {why}{found}."
    kind, name = str(details.get("type", "object")), details.get("name")
    found = f"the {kind} {name}" if kind in {"class", "function"} and name else article(kind)
    items = f" ({details['items']})" if details.get("items") else ""
    return f"build_model() in {path} returned {found}{items}; a keras.Model is expected."


def _not_built(path: str, details: Details) -> str:
    sentence = details.get("sentence")
    if details.get("layers") == 0:
        return f"The network that build_model() in {path} returned has no layers yet."
    with_what = "again" if "step" in details else "with the table's input"
    head = f"The network of {path} could not be built {with_what}"
    return f"{head}: {sentence}" if sentence else f"{head}."


def _custom_layer(path: str, details: Details) -> str:
    name = str(details.get("class", "a layer"))
    if details.get("what") == "function":
        return f"{path} uses {name}{_in(details)}, a function of your own."
    if details.get("what") == "model":
        return f"{path} returns {article(name)}, a model with a call() of its own."
    if name == "Lambda":
        return f"{path} has a Lambda layer: code of your own, which the grader does not run."
    return f"{path} uses {name}{_in(details)}, a layer class of your own."


def _in(details: Details) -> str:
    return f" in the layer {details['layer']}" if details.get("layer") else ""


def _silent_exit(path: str, details: Details) -> str:
    code = details.get("exit_code")
    if "signal" in details:
        how = f"crashed (signal {details['signal']})"
    else:
        how = f"ended (exit code {code})" if code is not None else "ended"
    line = f", line {details['line']}" if details.get("line") else ""
    return f"Python {how} while {path}{line} was running, before there was a network."


def _time_limit(path: str, details: Details) -> str:
    wall = details.get("wall_seconds")
    limit = f"{wall} s" if wall else f"{details.get('cpu_seconds')} s of computing"
    if "step" in details:
        return (
            f"The network of {path} is too much computing: building it anew and trying it on a few "
            f"images was stopped after {limit}."
        )
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
    Rule.INPUT_SHAPE: _raised,
    Rule.NO_BUILD_MODEL: _no_build_model,
    Rule.RETURNED_NONE: lambda path, _: f"build_model() in {path} returned None.",
    Rule.NOT_A_MODEL: _not_a_model,
    Rule.NOT_BUILT: _not_built,
    Rule.CUSTOM_LAYER: _custom_layer,
    Rule.SILENT_EXIT: _silent_exit,
    Rule.TIME_LIMIT: _time_limit,
    Rule.MEMORY_LIMIT: _memory_limit,
}
