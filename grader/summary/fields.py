"""Reads the single cells that the formats have in common: classes, shapes and counts."""

from __future__ import annotations

import re
from difflib import get_close_matches

from grader.records import Shape
from grader.summary.classes import ALIASES, CLASS_NAMES, candidates
from grader.summary.lines import Line, misread, shown

# No network has a count of more digits, and int() refuses thousands of them with another error.
_COUNT = re.compile(r"[0-9]{1,15}|[0-9]{1,3}(,[0-9]{3}){1,4}")
_SHAPE = re.compile(r"\(None(,|(, (None|[1-9][0-9]{0,8}))+)?\)")


def read_class(line: Line, printed: str, *, cut: bool, instance: str) -> str:
    """Today's name of the class `printed`, perhaps `cut`, for the layer named `instance`."""
    found = candidates(printed, cut=cut, instance=instance)
    if len(found) == 1:
        return found[0]
    if found:
        raise misread(
            line,
            f"a class name that can be told from others: {shown(printed)} may be {_listed(found)}; "
            "write it out in full, with its closing parenthesis",
        )
    near = get_close_matches(printed, sorted(CLASS_NAMES | ALIASES.keys()), n=3)
    advice = f"; close to it: {_listed(tuple(near))}" if near else ""
    raise misread(line, f"a layer class of Keras, which {shown(printed)} is not{advice}")


def read_shape(line: Line, text: str) -> Shape:
    """The shape that is printed as `text`, such as "(None, 48, 48, 32)", with the batch axis."""
    if _SHAPE.fullmatch(text) is None:
        raise misread(
            line,
            "an output shape such as (None, 48, 48, 32), with the batch axis None, "
            f"in place of {shown(text)}",
        )
    axes = [axis.strip() for axis in text[1:-1].rstrip(",").split(",")]
    return tuple(None if axis == "None" else int(axis) for axis in axes)


def read_count(line: Line, text: str) -> int:
    """The parameter count that is printed as `text`, with or without commas."""
    if _COUNT.fullmatch(text) is None:
        raise misread(line, f"a parameter count such as 9248 or 9,248 in place of {shown(text)}")
    return int(text.replace(",", ""))


def _listed(names: tuple[str, ...]) -> str:
    return " or ".join(names)
