"""Telling: what was written differently but counts as the same."""

from __future__ import annotations


def note_message(code: str) -> str:
    """The sentence for a note's code, `name` or `name:value:value`."""
    return code
