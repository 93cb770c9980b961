"""Importing: the words that its steps share."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from data.dataset import shown

# Begins a stage of the work, named and with its number of steps; what it gives is called once for
# each step that is done.
Stage: TypeAlias = Callable[[str, int], AbstractContextManager[Callable[[], None]]]

MAX_NAME = 100


@dataclass(frozen=True)
class Picture:
    """One picture as it enters a set: uint8 (48, 48, 3), whose it is and where it comes from."""

    person: str
    source: str
    pixels: np.ndarray


@dataclass(frozen=True)
class Skipped:
    """Something that did not enter the set, and why: `reason` goes on from `source`."""

    source: str
    reason: str


def clean(text: str) -> str:
    """Return a foreign name as one line that can be shown, at most 100 characters.

    Underscores are taken as spaces, and what has no printed form becomes a question mark.
    """
    text = shown(unicodedata.normalize("NFC", text.replace("_", " ")))
    return " ".join(text.split())[:MAX_NAME].strip() or "?"


def natural(text: str) -> tuple[tuple[int, str], ...]:
    """Return what sorts `s2` before `s10`, and the same way on every system."""
    pieces = re.split(r"([0-9]+)", text.casefold())
    return tuple((int(piece), "") if piece.isdigit() else (-1, piece) for piece in pieces)
