"""Text of foreign origin is made safe to look at."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.text import printable, printable_line, printable_name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x9b2Jgone", "gone"),
        ("\x1b]0;new title\x07text", "text"),
        ("\x1b]8;;http://a\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1bcreset", "reset"),
        ("bell\x07, null\x00, delete\x7f", "bell\u2407, null\u2400, delete\u2421"),
        ("\u202egpj.exe", "<U+202E>gpj.exe"),
        ("\udcff", "<U+DCFF>"),
        ("one\r\ntwo\rthree\u2028four\tfive", "one\ntwo\nthree\nfour\tfive"),
        ("Zoë, 名前, שלום, 👩\u200d🔬", "Zoë, 名前, שלום, 👩\u200d🔬"),
    ],
)
def test_what_cannot_be_seen_is_removed_or_spelled_out(text: str, expected: str) -> None:
    """Terminal escapes go, other unseen characters are shown, and languages stay as they are."""
    assert expected == printable(text)


@given(st.text(st.characters(), max_size=40))
def test_nothing_printable_controls_a_terminal(text: str) -> None:
    """Of all control characters only the tab and the line feed come through."""
    shown = printable(text)

    controls = {c for c in shown if unicodedata.category(c) in {"Cc", "Cs"}}
    assert controls <= {"\n", "\t"}


def test_a_line_stays_one_line() -> None:
    """A name with line breaks cannot make a second line of its own."""
    expected = "Jane Doe passed"

    assert expected == printable_line(" Jane\nDoe\t\r\n passed ")


def test_a_very_long_name_is_cut_in_its_middle() -> None:
    """Beginning and end tell files apart."""
    shown = printable_name("a" * 60 + "\n" + "z" * 60)

    assert f"{'a' * 50}...{'z' * 50}" == shown


@pytest.mark.parametrize("unit", ["\x9d", "\x1b]", "\x9b0", "\x1b[0 ", "\x1b"])
def test_unfinished_terminal_codes_are_taken_out_in_linear_time(unit: str) -> None:
    """What a file may print is gone through once, however many codes begin and never end in it."""
    started = time.process_time()

    text = printable(unit * 32_000 + "\x1b")

    assert time.process_time() - started < 2
    assert "\x1b" not in text
