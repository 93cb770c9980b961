"""Describe, inside: what a student's code raised: rule, Python's own sentence, line and frames."""

from __future__ import annotations

import ast
import contextlib
import re
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from grader.records.outcomes import Rule
from grader.sandbox import old_keras
from grader.sandbox.input_shapes import other_input_shape
from grader.sandbox.run_source import MOST_BYTES, SourceError, SourceTooLargeError
from grader.sandbox.tidying import tidied

Details: TypeAlias = dict[str, str | int]
Error: TypeAlias = dict[str, object]

_SENTENCE_BYTES = 4 * 1024
_TRACEBACK_BYTES = 16 * 1024
_DETAIL_BYTES = 200
# Keras prints parts of its messages in bold.
_TERMINAL_STYLE = re.compile(r"\x1b\[[0-9;]*m")
_OLD_KERAS_RAISES = (TypeError, ValueError, ImportError, AttributeError)


@dataclass(frozen=True)
class Files:
    """The student's files by the names that their frames bear: the part's own, and all of them.

    `trees` holds the syntax of those that have one; `input_shape` is the part's.
    """

    part: str
    names: frozenset[str]
    trees: Mapping[str, ast.Module]
    input_shape: tuple[int, ...]


class RefusedError(Exception):
    """The file ran and gave no network that can be read: a rule, and values for its sentence."""

    def __init__(
        self, rule: Rule, sentence: str = "", details: Mapping[str, str | int] | None = None
    ) -> None:
        super().__init__(rule)
        self.rule = rule
        self.sentence = sentence
        self.details = dict(details or {})


def refusal(refused: RefusedError, line: int | None) -> Error:
    """The `error` of the description for a refused network."""
    return _error(refused.rule, refused.sentence, line, "", refused.details)


def memory_limit() -> Error:
    """The `error` for memory that ran out, made where there may be none left for more."""
    return _error(Rule.MEMORY_LIMIT, "MemoryError", None, "", {})


def unreadable(found: str = "") -> Error:
    """The `error` for a network that was returned, and then could not be looked at."""
    details: Details = {"refused": "changed", **({"found": found} if found else {})}
    return _error(Rule.NOT_A_MODEL, "", None, "", details)


def syntax_error(error: SourceError) -> Error:
    """The `error` for a source that cannot be compiled."""
    if isinstance(error, SourceTooLargeError):
        return _error(Rule.EXCEPTION, str(error), None, "", {"largest_bytes": MOST_BYTES})
    cause = error.__cause__
    if isinstance(cause, MemoryError | RecursionError):
        sentence = f"{type(cause).__name__}: an expression is nested too deeply for Python to read"
        return _error(Rule.SYNTAX_ERROR, sentence, None, "", {})
    if not isinstance(cause, SyntaxError):
        return _error(Rule.SYNTAX_ERROR, _sentence(cause), None, "", {})
    # Line 0 is none.
    cause.lineno = cause.lineno or None
    return _error(Rule.SYNTAX_ERROR, _sentence(cause), cause.lineno, _place_of(cause), {})


def exception(error: BaseException, files: Files) -> Error:
    """The `error` for what running the file raised.

    `line` is the last place in the student's files; where that is not the part's own, `file` in the
    details names it.
    """
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename in files.names]
    place = (frames[-1].filename, frames[-1].lineno) if frames else (files.part, None)
    shown = "".join(traceback.format_list(frames))
    rule, details = _cause(error, frames, files)
    if isinstance(error, SyntaxError):
        shown += _place_of(error)
        if rule is Rule.SYNTAX_ERROR:
            place = str(error.filename), error.lineno
    if place[0] != files.part:
        details["file"] = place[0]
    return _error(rule, _sentence(error), place[1], shown, details)


def clip(text: str, most_bytes: int) -> tuple[str, int]:
    """The text's beginning in at most that many bytes of UTF-8, and how many bytes were cut off.

    Unpaired surrogates, which UTF-8 cannot hold, become question marks.
    """
    encoded = text.encode("utf-8", "replace")
    kept = encoded[:most_bytes].decode("utf-8", "ignore")
    return kept, len(encoded) - len(kept.encode())


def _cause(
    error: BaseException, frames: list[traceback.FrameSummary], files: Files
) -> tuple[Rule, Details]:
    if isinstance(error, SystemExit):
        return Rule.SILENT_EXIT, {"code": _plain(error.code)}
    if is_lack_of_memory(error):
        return Rule.MEMORY_LIMIT, {}
    found = _old_spelling(error, frames, files)
    if found:
        return Rule.OLD_KERAS, {**found}
    if isinstance(error, SyntaxError) and error.filename in files.names:
        return Rule.SYNTAX_ERROR, {}
    if isinstance(error, ImportError):
        return Rule.IMPORT_ERROR, {"name": _plain(error.name)}
    shapes = other_input_shape(error, _sentence(error), files.names, files.input_shape)
    details = {**shapes} if shapes else {"type": type(error).__name__}
    return Rule.INPUT_SHAPE if shapes else Rule.EXCEPTION, {**details}


def _old_spelling(
    error: BaseException, frames: list[traceback.FrameSummary], files: Files
) -> dict[str, str] | None:
    if not isinstance(error, _OLD_KERAS_RAISES) or not frames:
        return None
    tree = files.trees.get(frames[-1].filename)
    shrunk = "negative" in _sentence(error).lower()
    return old_keras.find(tree, frames[-1].lineno or 0, shrunk=shrunk) if tree else None


def _place_of(error: SyntaxError) -> str:
    """File, line, text and caret: all but the last line of what Python shows."""
    return "".join(traceback.format_exception_only(error)[:-1])


def is_lack_of_memory(error: BaseException) -> bool:
    """Whether Python or TensorFlow could not have the memory that it asked for."""
    names = {kind.__name__ for kind in type(error).__mro__}
    return not names.isdisjoint({"MemoryError", "ResourceExhaustedError"})


def _sentence(error: BaseException | None) -> str:
    name = type(error).__name__
    text = error.msg if isinstance(error, SyntaxError) else ""
    if not text:
        # An exception of the student's own may refuse to be printed.
        with contextlib.suppress(BaseException):
            text = str(error)
    return f"{name}: {text}" if text else name


def _plain(value: object) -> str | int:
    if isinstance(value, int) and abs(value) < 2**63:
        return int(value)
    with contextlib.suppress(BaseException):
        return "" if value is None else str(value)
    return ""


def _error(rule: Rule, sentence: str, line: int | None, frames: str, details: Details) -> Error:
    return {
        "rule": str(rule),
        "sentence": _cut(tidied(_TERMINAL_STYLE.sub("", sentence)), _SENTENCE_BYTES),
        "line": line,
        "traceback": _cut(frames, _TRACEBACK_BYTES),
        "details": {
            key: clip(tidied(value), _DETAIL_BYTES)[0] if isinstance(value, str) else value
            for key, value in details.items()
        },
    }


def _cut(text: str, most_bytes: int) -> str:
    kept, cut = clip(text, most_bytes)
    return f"{kept} [{cut:,} more bytes are left out here]" if cut else kept
