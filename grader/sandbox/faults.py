"""Describe, inside: what a student's code raised: rule, Python's own sentence, line and frames."""

from __future__ import annotations

import ast
import contextlib
import re
import traceback
from collections.abc import Mapping
from typing import TypeAlias

from grader.records.outcomes import Rule
from grader.sandbox import old_keras
from grader.sandbox.run_source import SourceError, SourceTooLargeError

Details: TypeAlias = dict[str, str | int]
Error: TypeAlias = dict[str, object]

_SENTENCE_BYTES = 4 * 1024
_TRACEBACK_BYTES = 16 * 1024
_DETAIL_CHARACTERS = 200
# Keras prints parts of its messages in bold.
_TERMINAL_STYLE = re.compile(r"\x1b\[[0-9;]*m")
_OLD_KERAS_RAISES = (TypeError, ValueError, ImportError, AttributeError)


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


def syntax_error(error: SourceError) -> Error:
    """The `error` for a source that cannot be compiled."""
    if isinstance(error, SourceTooLargeError):
        return _error(Rule.EXCEPTION, str(error), None, "", {})
    cause = error.__cause__
    if not isinstance(cause, SyntaxError):
        return _error(Rule.SYNTAX_ERROR, _sentence(cause), None, "", {})
    # All but the last line: file, line, text and caret.
    shown = "".join(traceback.format_exception_only(cause)[:-1])
    sentence = f"{type(cause).__name__}: {cause.msg}"
    return _error(Rule.SYNTAX_ERROR, sentence, cause.lineno or None, shown, {})


def exception(error: BaseException, trees: dict[str, ast.Module], filename: str) -> Error:
    """The `error` for what running the file raised.

    `trees` holds the student's files, parsed; `line` is the last place in the part's own,
    `filename`.
    """
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename in trees]
    rule, details = _cause(error, frames, trees)
    line = next((f.lineno for f in reversed(frames) if f.filename == filename), None)
    shown = traceback.format_list(frames)
    if isinstance(error, SyntaxError):
        shown += traceback.format_exception_only(error)[:-1]
    return _error(rule, _sentence(error), line, "".join(shown), details)


def clip(text: str, most_bytes: int) -> tuple[str, int]:
    """The text's beginning in at most that many bytes of UTF-8, and how many bytes were cut off.

    Unpaired surrogates, which UTF-8 cannot hold, become question marks.
    """
    encoded = text.encode("utf-8", "replace")
    kept = encoded[:most_bytes].decode("utf-8", "ignore")
    return kept, len(encoded) - len(kept.encode())


def _cause(
    error: BaseException, frames: list[traceback.FrameSummary], trees: dict[str, ast.Module]
) -> tuple[Rule, Details]:
    if isinstance(error, SystemExit):
        return Rule.SILENT_EXIT, {"code": _plain(error.code)}
    if isinstance(error, MemoryError) or _is_tensorflow_memory(error):
        return Rule.MEMORY_LIMIT, {}
    if isinstance(error, _OLD_KERAS_RAISES) and frames:
        place = frames[-1]
        shrunk = "negative" in _sentence(error).lower()
        found = old_keras.find(trees[place.filename], place.lineno or 0, shrunk=shrunk)
        if found:
            return Rule.OLD_KERAS, {**found}
    if isinstance(error, SyntaxError):
        return Rule.SYNTAX_ERROR, {"file": _plain(error.filename)}
    if isinstance(error, ImportError):
        return Rule.IMPORT_ERROR, {"name": _plain(error.name)}
    return Rule.EXCEPTION, {"type": _plain(type(error).__name__)}


def _is_tensorflow_memory(error: BaseException) -> bool:
    return any(kind.__name__ == "ResourceExhaustedError" for kind in type(error).__mro__)


def _sentence(error: BaseException | None) -> str:
    name = type(error).__name__
    text = error.msg if isinstance(error, SyntaxError) else ""
    if not text:
        # An exception of the student's own may refuse to be printed.
        with contextlib.suppress(Exception):
            text = str(error)
    return f"{name}: {text}" if text else name


def _plain(value: object) -> str | int:
    if isinstance(value, int) and abs(value) < 2**63:
        return int(value)
    return "" if value is None else str(value)


def _error(rule: Rule, sentence: str, line: int | None, frames: str, details: Details) -> Error:
    return {
        "rule": str(rule),
        "sentence": clip(_TERMINAL_STYLE.sub("", sentence), _SENTENCE_BYTES)[0],
        "line": line,
        "traceback": clip(frames, _TRACEBACK_BYTES)[0],
        "details": {
            key: clip(value, _DETAIL_CHARACTERS)[0] if isinstance(value, str) else value
            for key, value in details.items()
        },
    }
