"""Describe, inside: from a student's source to the one JSON document that leaves the sandbox."""

from __future__ import annotations

import ast
import builtins
import contextlib
import difflib
import inspect
import json
import sys
import warnings
from collections.abc import Callable
from types import ModuleType
from typing import Any, TypeVar, cast

# By name, here and in the modules used: a student's code may put anything in their places.
from keras import Model

from grader.records.networks import Json
from grader.records.outcomes import Rule
from grader.sandbox import faults
from grader.sandbox.faults import Files, RefusedError
from grader.sandbox.jobs import Job
from grader.sandbox.network import build, kind_of, network_of
from grader.sandbox.run_source import (
    HelperFinder,
    SourceError,
    execute,
    is_attempted,
    literal_answer,
    parse,
)
from grader.sandbox.settings import compile_of
from grader.sandbox.weights import draw_late

_ANSWER_BYTES = 20 * 1024
_encode = json.JSONEncoder(allow_nan=False).encode
_Result = TypeVar("_Result")


def describe(job: Job) -> bytes:
    """The document, whatever the code does: a network, an error, or that nothing was attempted."""
    document: dict[str, Any] = {
        "format": 1,
        "status": "error",
        "answer": "",
        "answer_cut": 0,
        "error": None,
        "model": None,
        "compile": None,
        "notes": [],
    }
    try:
        _fill(document, job)
        return _encode(document).encode()
    except MemoryError:
        error = faults.memory_limit()
    except BaseException:  # noqa: BLE001 - a student's code can break whatever is used here
        error = faults.unreadable()
    document |= {"status": "error", "error": error, "model": None, "compile": None, "notes": []}
    return _encode(document).encode()


def _fill(document: dict[str, Any], job: Job) -> None:
    try:
        tree = parse(job.code, job.filename)
    except SourceError as error:
        document["error"] = faults.syntax_error(error)
        return
    document |= _answer(literal_answer(tree))
    if len(_lines_of_build_model(tree)) > 1:
        document["notes"].append("defined-twice")
    if not is_attempted(tree):
        document["status"] = "not_attempted"
        return
    returned = False
    try:
        value = _run(document, job)
        returned = True
        model = _checked(value)
        with warnings.catch_warnings(action="ignore"):
            document |= _network(model, job.input_shape, document["notes"])
    except RefusedError as refused:
        document["error"] = faults.refusal(refused, _line_of_build_model(tree))
    except BaseException as error:  # noqa: BLE001 - whatever a student's code raises is described
        found = faults.exception(error, _files(tree, job))
        if returned and not found["traceback"] and found["rule"] == Rule.EXCEPTION:
            found = faults.unreadable(str(found["sentence"]))
        document["error"] = found | {"line": found["line"] or _line_of_build_model(tree)}


def _run(document: dict[str, Any], job: Job) -> object:
    """What the file's `build_model` returns; raises whatever the file raises."""
    draw_late()
    sys.meta_path.append(HelperFinder(job.helpers))
    module = _guarded(lambda: execute(job.part, job.filename, job.code))
    document |= _answer(vars(module).get("ANSWER", ""), document["notes"])
    build_model = _build_model(module)
    try:
        return _guarded(build_model)
    except TypeError as error:
        needed = _needed_arguments(build_model)
        if not needed:
            raise
        details: dict[str, str | int] = {"type": "TypeError", "needs_arguments": needed}
        raise RefusedError(Rule.EXCEPTION, f"TypeError: {error}", details) from error


def _guarded(run: Callable[[], _Result]) -> _Result:
    """What `run` gives; Python's built-in names are then what they were, whatever it did."""
    names = vars(builtins)
    kept = names.copy()
    try:
        return run()
    finally:
        names.update(kept)


def _network(model: Any, input_shape: tuple[int, ...], notes: list[str]) -> dict[str, Any]:  # noqa: ANN401 - Keras ships no types
    _, subclass = kind_of(model)
    if subclass:
        notes.append("subclass")
    if build(model, input_shape):
        notes.append("built-with-part-shape")
    network = network_of(model)
    compiled = compile_of(model)
    for part in ("optimizer", "loss"):
        given = (compiled or {}).get(part)
        if isinstance(given, dict) and given["origin"] == "own":
            notes.append(f"own-{part}")
    return {"status": "model", "model": network, "compile": compiled}


def _build_model(module: ModuleType) -> Callable[[], object]:
    names = vars(module)
    build_model = names.get("build_model")
    if callable(build_model) and not isinstance(build_model, Model):
        return cast("Callable[[], object]", build_model)
    details: dict[str, str | int] = {}
    if "build_model" in names:
        details["type"] = type(build_model).__name__
    near = _near_names(names)
    if near:
        details["near"] = near
    models = [name for name, value in names.items() if isinstance(value, Model)]
    if models:
        details["model"] = models[0]
    raise RefusedError(Rule.NO_BUILD_MODEL, details=details)


def _needed_arguments(build_model: Callable[..., object]) -> str:
    """The parameters of `build_model` that have no default; "" where there are none."""
    varying = {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}
    with contextlib.suppress(TypeError, ValueError):
        # What a decorator hides may need arguments that it gives.
        signature = inspect.signature(build_model, follow_wrapped=False)
        return ", ".join(
            parameter.name
            for parameter in signature.parameters.values()
            if parameter.default is inspect.Parameter.empty and parameter.kind not in varying
        )
    return ""


def _near_names(names: dict[str, object]) -> str:
    """The nearest name of something that can be called, whatever its case; "" for none."""
    callables = {
        name.lower(): name
        for name, value in names.items()
        if callable(value) and not isinstance(value, type | Model)
    }
    nearest = difflib.get_close_matches("build_model", callables, n=1)
    return callables[nearest[0]] if nearest else ""


def _checked(value: object) -> Model:
    """The model that `build_model` returned. Raises RefusedError for anything else."""
    if isinstance(value, Model):
        return value
    if value is None:
        raise RefusedError(Rule.RETURNED_NONE)
    if inspect.iscoroutine(value):
        # Else Python warns that it was never awaited.
        value.close()
    details: dict[str, str | int] = {
        "type": "class" if isinstance(value, type) else type(value).__name__
    }
    if isinstance(value, type) or callable(value):
        details["name"] = str(getattr(value, "__name__", getattr(value, "name", "")))
    if isinstance(value, list | tuple):
        details["items"] = ", ".join(type(item).__name__ for item in value[:5])
    raise RefusedError(Rule.NOT_A_MODEL, details=details)


def _answer(answer: object, notes: list[str] | None = None) -> dict[str, Json]:
    """`answer` and `answer_cut` of the document; a note where ANSWER is no text."""
    if not isinstance(answer, str):
        if notes is not None:
            notes.append("answer-not-text")
        answer = str(answer) if type(answer) in (int, float, bool) else ""
    text, cut = faults.clip(str(answer), _ANSWER_BYTES)
    return {"answer": text, "answer_cut": cut}


def _line_of_build_model(tree: ast.Module) -> int | None:
    return next(reversed(_lines_of_build_model(tree)), None)


def _lines_of_build_model(tree: ast.Module) -> list[int]:
    return [
        statement.lineno
        for statement in tree.body
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef)
        and statement.name == "build_model"
    ]


def _files(tree: ast.Module, job: Job) -> Files:
    names = {job.filename, *(f"{name}.py" for name in job.helpers)}
    trees = {job.filename: tree}
    for name, code in job.helpers.items():
        with contextlib.suppress(SourceError):
            trees[f"{name}.py"] = parse(code, f"{name}.py")
    return Files(job.filename, frozenset(names), trees, job.input_shape)
