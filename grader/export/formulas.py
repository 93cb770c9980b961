"""Telling: text in CSV files of ours, which no spreadsheet may run as a formula."""

from __future__ import annotations

import re

from grader.records.encoding import storable

# Full-width signs count as well: some spreadsheets take them for the plain ones. A cell also begins
# after a separator or a quotation mark for a program that expects other separators than ours. Text
# that has an apostrophe there already gets one more, so that it can be told from ours.
_BEGINNING = r"(^|[,;|\t\"\n\r])([ \t\r]*)"
_FORMULA = "(?='*[=+\\-@＝＋－＠])"  # noqa: RUF001
_BEGINNINGS = re.compile(_BEGINNING + _FORMULA)
_DEFUSED_BEGINNINGS = re.compile(f"{_BEGINNING}'{_FORMULA}")
_BLANK_BEGINNING = re.compile(r"^(?='*[\t\r])")
_DEFUSED_BLANK_BEGINNING = re.compile(r"^'(?='*[\t\r])")
_NUMBER = re.compile(r"-?\d+([.,]\d+)?")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def defused(text: str) -> str:
    r"""The text with an apostrophe before what a spreadsheet would run; numbers stay as they are.

    Control characters other than tab and line breaks are left out, and lone surrogates replaced.

    >>> defused('=HYPERLINK("http://x")'), defused("-0.5"), defused("Anne-Marie"), defused("a;=1")
    ('\'=HYPERLINK("http://x")', '-0.5', 'Anne-Marie', "a;'=1")
    """
    written = writable(text)
    if _NUMBER.fullmatch(written):
        return written
    return _BLANK_BEGINNING.sub("'", _BEGINNINGS.sub(r"\1\2'", written))


def restored(text: str) -> str:
    """The writable text of which `defused` made this one; other text stays as it is."""
    return _DEFUSED_BEGINNINGS.sub(r"\1\2", _DEFUSED_BLANK_BEGINNING.sub("", text))


def writable(text: str) -> str:
    """The text as UTF-8 and a CSV file can hold it."""
    return storable(_UNWRITABLE.sub("", text))
