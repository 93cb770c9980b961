"""Words: text of foreign origin, made safe to look at on a page, in a terminal, in a sentence."""

from __future__ import annotations

import re

# ECMA-48: CSI and two-character escapes; OSC, DCS, SOS, PM and APC strings up to their terminator.
# One may break off before it: else a text of such beginnings would be searched again from each.
_ESCAPES = re.compile(
    r"(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*+(?:\x07|\x1b\\|\x9c)?"
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|\x1b[ -/]*[0-~]"
)
_LINE_BREAKS = re.compile(r"\r\n?|\u2028|\u2029")
_UNSEEN = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters other than tab and line feed
    "\u202a-\u202e\u2066-\u2069"  # embeddings, overrides and isolates of the writing direction
    "\ufeff\ufff9-\ufffb"  # byte order mark, interlinear annotation
    "\ud800-\udfff"  # lone surrogates, as undecodable file names have
    "]"
)
_CONTROL_PICTURES = 0x2400
_DELETE = 0x7F
_DELETE_PICTURE = "\u2421"
_LONGEST_NAME = 100


def printable(text: str) -> str:
    r"""The text without terminal escapes; other unseen or text-turning characters are spelled out.

    >>> printable("\x1b[31mred\x1b[0m\u202e")
    'red<U+202E>'
    """
    return _UNSEEN.sub(_spell_out, _LINE_BREAKS.sub("\n", _ESCAPES.sub("", text)))


def printable_line(text: str) -> str:
    """The same on one line: runs of line breaks, tabs and spaces become one space."""
    return " ".join(printable(text).split())


def printable_name(text: str) -> str:
    """The same for a name in a sentence, where nothing may be unseen and no name very long."""
    half = _LONGEST_NAME // 2
    cut = text if len(text) <= _LONGEST_NAME else f"{text[:half]}...{text[-half:]}"
    return "".join(c if c.isprintable() else _spelled(c) for c in printable_line(cut))


def _spell_out(match: re.Match[str]) -> str:
    return _spelled(match.group())


def _spelled(character: str) -> str:
    code = ord(character)
    if code < ord(" "):
        return chr(_CONTROL_PICTURES + code)
    return _DELETE_PICTURE if code == _DELETE else f"<U+{code:04X}>"
