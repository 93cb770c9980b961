"""Reading the bytes of a reply: what is refused before anything is believed."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from grader.architecture import ReplyError, read_reply

MINIMAL: dict[str, Any] = {
    "format": 1,
    "status": "not_attempted",
    "answer": "",
    "answer_cut": 0,
    "error": None,
    "model": None,
    "compile": None,
    "notes": [],
}


def encoded(**changes: object) -> bytes:
    """A small reply with some of its keys changed."""
    return json.dumps({**MINIMAL, **changes}).encode()


def raw(key: str, text: str) -> bytes:
    """A small reply with one value written as this JSON text."""
    return encoded(**{key: "HERE"}).replace(b'"HERE"', text.encode())


@pytest.mark.parametrize(
    ("reply", "sentence"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe{}", "not UTF-8 at byte 0"),
        (b"[]", "not a JSON object"),
        (b'{"format": 1', "not JSON"),
        (b"[" * 100_000, "nested more than 60 deep"),
        (b'{"a":' * 100_000, "nested more than 60 deep"),
        (b"[" + b"1," * 400_000, "more than 300000 values"),
        (b" " * (4 * 1024 * 1024 + 1), "4194305 bytes, at most 4194304"),
        (b'{"format": 1, "format": 1}', "stands twice"),
        (raw("answer_cut", "9" * 5000), "an integer of 5000 digits"),
        (raw("answer_cut", "NaN"), "NaN, which is no JSON"),
        (raw("answer_cut", "-Infinity"), "-Infinity, which is no JSON"),
        (raw("answer_cut", "1e999"), "beyond all bounds"),
        (encoded(answer_cut=True), "True is not a whole number"),
        (encoded(answer_cut=-1), "-1 is not between"),
        (encoded(format=True), "a format other than 1"),
        (encoded(format=2), "a format other than 1"),
        (encoded(format=1.0), "a format other than 1"),
        (encoded(compile={"\x00": 1, "\x01": 2}), "stands twice"),
        (encoded(status="passed"), "an unknown status"),
        (encoded(answer="x" * 20_481), "a text of more than 20480 bytes"),
        (encoded(answer=["x"]), "list is no text"),
        (encoded(model=[]), "not an object"),
        (encoded(notes=["x"] * 101), "not a list of 0 to 100 items"),
        (encoded(verdict="passed"), "missing or unknown keys: verdict"),
        (b"{}", "missing or unknown keys: answer, answer_cut, compile"),
    ],
)
def test_what_is_no_reply_is_refused_with_what_was_found(reply: bytes, sentence: str) -> None:
    """Bytes that break a rule raise ReplyError, and its text names what was found."""
    with pytest.raises(ReplyError, match=sentence):
        read_reply(reply)


def test_a_fitting_reply_is_given_as_it_is() -> None:
    """A reply of the agreed form comes back with its values."""
    assert MINIMAL == read_reply(encoded())


def test_harmful_characters_do_not_arrive() -> None:
    """Terminal codes, turned text and lone surrogates are replaced; line ends and tabs stay."""
    found = read_reply(encoded(answer="a\x1b[2Jb\r\nc\td\u202ee\ud800f\x00\x9b"))

    assert found["answer"] == "a?[2Jb\nc\td?e?f??"
    assert isinstance(found["answer"], str)
    assert found["answer"].encode()


@pytest.mark.parametrize("unit", [b'"', b'\\"', b'"\\', b'["', b'"a",', b"\\u"])
def test_odd_bytes_are_read_in_linear_time(unit: bytes) -> None:
    """Four megabytes of quotes and backslashes are refused at once."""
    reply = b'"' + unit * (4 * 1024 * 1024 // len(unit) - 1)
    start = time.process_time()

    with pytest.raises(ReplyError):
        read_reply(reply)

    assert time.process_time() - start < 3
