"""Reply: the bytes that left the sandbox, read as strict JSON of the agreed form.

Nothing here believes the sender: size and nesting are looked at before the parser sees a byte.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import NoReturn

from grader.architecture.refusals import ReplyError
from grader.architecture.values import Check, flat_text, listed, optional, whole
from grader.records import Json

MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 60
MAX_VALUES = 300_000
MAX_DIGITS = 20

# Possessive quantifiers: an unterminated string of 4 MB must not be scanned once per quote in it.
_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[{]|[\]}]|,', re.DOTALL)
# C0 and C1 controls but for tab and newline, the marks that turn text around, lone surrogates.
_HARMFUL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def read_reply(raw: bytes) -> dict[str, Json]:
    """The reply's top level, with exactly the agreed keys, their types checked and texts harmless.

    Raises ReplyError with what was found.
    """
    if len(raw) > MAX_BYTES:
        raise ReplyError(f"{len(raw)} bytes, at most {MAX_BYTES}", "too-large")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ReplyError(f"not UTF-8 at byte {error.start}") from None
    _check_nesting(text)
    found = clean(_parsed(text))
    if not isinstance(found, dict):
        raise ReplyError("not a JSON object")
    return checked_fields(found, _TOP_LEVEL, "reply")


def checked_fields(
    found: Mapping[str, Json], fields: Mapping[str, Check], what: str
) -> dict[str, Json]:
    """`found`, every value passed through its check; keys must be exactly the fields'."""
    if found.keys() != fields.keys():
        odd = ", ".join(sorted(key[:40] for key in found.keys() ^ fields.keys())[:5])
        raise ReplyError(f"{what}: missing or unknown keys: {odd}")
    try:
        return {key: check(found[key]) for key, check in fields.items()}
    except ReplyError as error:
        raise ReplyError(f"{what}: {error}") from None


def clean(value: Json) -> Json:
    """The same JSON value, with the characters replaced that could harm a terminal or a page."""
    match value:
        case str():
            return _HARMFUL.sub("?", value.replace("\r\n", "\n"))
        case list():
            return [clean(item) for item in value]
        case dict():
            return _object([(str(clean(key)), clean(item)) for key, item in value.items()])
        case _:
            return value


def _check_nesting(text: str) -> None:
    depth = num_values = 0
    for token in _TOKEN.finditer(text):
        kind = token.group()[0]
        if kind in "[{":
            depth += 1
        elif kind in "]}":
            depth -= 1
        num_values += kind != '"'
        if depth > MAX_DEPTH:
            raise ReplyError(f"nested more than {MAX_DEPTH} deep", "too-large")
        if num_values > MAX_VALUES:
            raise ReplyError(f"more than {MAX_VALUES} values", "too-large")


def _parsed(text: str) -> Json:
    try:
        value: Json = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_float,
            parse_constant=_constant,
        )
    except json.JSONDecodeError as error:
        raise ReplyError(f"not JSON: {error.msg} at character {error.pos}") from None
    return value


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ReplyError("a key that stands twice in one object")
    return found


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise ReplyError(f"an integer of {len(digits)} digits")
    return int(digits)


def _float(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ReplyError("a number beyond all bounds")
    return value


def _constant(name: str) -> NoReturn:
    raise ReplyError(f"{name}, which is no JSON")


def _format(value: Json) -> Json:
    if value != 1 or not isinstance(value, int) or isinstance(value, bool):
        raise ReplyError("a format other than 1")
    return value


def _status(value: Json) -> Json:
    if value not in ("model", "not_attempted", "error"):
        raise ReplyError("an unknown status")
    return value


def _mapping(value: Json) -> Json:
    if not isinstance(value, dict):
        raise ReplyError("not an object where one is due")
    return value


_TOP_LEVEL: Mapping[str, Check] = {
    "format": _format,
    "status": _status,
    "answer": flat_text(20 * 1024),
    "answer_cut": whole(0, 10**15),
    "error": optional(_mapping),
    "model": optional(_mapping),
    "compile": optional(_mapping),
    "notes": listed(flat_text(400), 100),
}
