"""Describe, outside: from the bytes that left the sandbox to a checked description."""

from __future__ import annotations

from collections.abc import Mapping

from grader.architecture.canonical import caps_for, read_architecture
from grader.architecture.compiled import read_compile
from grader.architecture.notes import note, notes_from, once
from grader.architecture.refusals import OwnCodeError, ReplyError, TooLargeError
from grader.architecture.reply import checked_fields, read_reply
from grader.architecture.values import Check, anything, choice, flat_text, optional, whole
from grader.records import Description, Fault, Json, Outcome, Part, Rule

# What the inside of the sandbox can know.
_RULES = (
    Rule.SYNTAX_ERROR,
    Rule.IMPORT_ERROR,
    Rule.OLD_KERAS,
    Rule.EXCEPTION,
    Rule.INPUT_SHAPE,
    Rule.SILENT_EXIT,
    Rule.NO_BUILD_MODEL,
    Rule.RETURNED_NONE,
    Rule.NOT_A_MODEL,
    Rule.NOT_BUILT,
    Rule.CUSTOM_LAYER,
    Rule.MEMORY_LIMIT,
)
_MAX_DETAILS = 20
_LONGEST_DETAIL = 500
_ERROR: Mapping[str, Check] = {
    "rule": choice(*_RULES),
    "sentence": flat_text(3 * 4096),
    "line": optional(whole(0)),
    "traceback": flat_text(3 * 16384),
    "details": anything,
}


def read_description(raw: bytes, part: Part, output: str) -> Description:
    """The description in a reply, whatever the reply is: a network in canonical form, or a fault.

    `output` is what the student's code printed. A reply that breaks a rule is a fault whose details
    say under "refused" the code of a ReplyError and under "found" its text; a network that is too
    large has "params" or "values", and "limit".
    """
    try:
        reply = read_reply(raw)
    except ReplyError as error:
        return Description(architecture=None, fault=_refused(error), output=output)
    cut = reply["answer_cut"]
    notes = [*notes_from(reply["notes"]), *([note("answer-cut", str(cut))] if cut else [])]
    answer = str(reply["answer"])
    try:
        fault = _fault(reply)
        if fault is not None:
            return Description(None, fault, answer=answer, output=output, notes=once(notes))
        return _network(reply, part, Description(None, None, None, answer, output, tuple(notes)))
    except OwnCodeError as own:
        what = {"what": own.what} if own.what else {}
        details = {"class": own.name, "layer": own.layer, **what}
        fault = Fault(Outcome.ERROR, Rule.CUSTOM_LAYER, details)
    except TooLargeError as large:
        counted = "params" if large.what == "parameters" else "values"
        limits = {counted: large.found, "limit": large.limit}
        fault = Fault(Outcome.OUT_OF_MEMORY, Rule.MEMORY_LIMIT, limits)
    except ReplyError as error:
        fault = _refused(error)
    return Description(None, fault, answer=answer, output=output, notes=once(notes))


def _network(reply: Mapping[str, Json], part: Part, base: Description) -> Description:
    model, given = reply["model"], reply["compile"]
    if not isinstance(model, dict):
        raise ReplyError("a status of model without one")
    architecture = read_architecture(model, caps_for(part.reference))
    compiled = read_compile(given if isinstance(given, dict) else None, part.protocol)
    # "own-loss" from inside says less than "own-loss:name".
    named = {code.split(":")[0] for code in compiled.notes}
    before = [code for code in base.notes if code not in named]
    return Description(
        architecture=architecture,
        fault=None,
        compile=compiled.config,
        answer=base.answer,
        output=base.output,
        notes=once([*before, *compiled.notes]),
    )


def _fault(reply: Mapping[str, Json]) -> Fault | None:
    if reply["status"] == "not_attempted":
        if "defined-twice" in notes_from(reply["notes"]):
            return Fault(Outcome.NOT_ATTEMPTED, Rule.NO_BUILD_MODEL, {"twice": 1})
        return Fault(Outcome.NOT_ATTEMPTED, None)
    if reply["status"] == "model":
        return None
    error = reply["error"]
    if not isinstance(error, dict):
        raise ReplyError("a status of error without one")
    checked = checked_fields(error, _ERROR, "error")
    rule = Rule(str(checked["rule"]))
    outcome = Outcome.OUT_OF_MEMORY if rule is Rule.MEMORY_LIMIT else Outcome.ERROR
    given = {key: checked[key] for key in ("sentence", "line", "traceback")}
    values = {key: value for key, value in given.items() if value not in (None, "")}
    return Fault(outcome, rule, {**_details(checked["details"]), **_plain(values)})


def _details(found: Json) -> dict[str, str | int]:
    if not isinstance(found, dict) or len(found) > _MAX_DETAILS:
        raise ReplyError("details that are no short list of values")
    return {key[:40]: _cut(value) for key, value in _plain(found).items()}


def _plain(found: Mapping[str, Json]) -> dict[str, str | int]:
    plain = (str, int)
    return {k: v for k, v in found.items() if isinstance(v, plain) and not isinstance(v, bool)}


def _cut(value: str | int) -> str | int:
    return value[:_LONGEST_DETAIL] if isinstance(value, str) else value


def _refused(error: ReplyError) -> Fault:
    details = {"refused": error.code, "found": str(error)[:_LONGEST_DETAIL]}
    return Fault(Outcome.ERROR, Rule.NOT_A_MODEL, details)
