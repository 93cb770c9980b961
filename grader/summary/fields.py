"""Reads the single cells that the layouts have in common: names, classes, shapes, counts.

What a column cut is completed where only one thing can have been meant, and asked for elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches

from grader.errors import SummaryError
from grader.records import Shape
from grader.summary.classes import ALIASES, CLASS_NAMES, FORMER_NAMES, candidates
from grader.summary.lines import Piece, PrintedRow, misread

# No network has a count of more digits, and int() refuses thousands of them with another error.
# Keras 2.0 prints totals as floats.
_COUNT = re.compile(r"(?P<whole>[0-9]{1,15}|[0-9]{1,3}(,[0-9]{3}){1,4})(\.0)?")
_CUT_COUNT = re.compile(r"(?P<digits>[0-9][0-9,]*)…")
_UNBUILT = re.compile(r"0\s*\(un(built|used)\)?")
_AXIS = r"(?:None|\?|[1-9][0-9]{0,8})"
_SHAPE = re.compile(rf"\(\)|\({_AXIS},?\)|\({_AXIS}(?:,{_AXIS})+\)")
_SHAPE_FORM = "an output shape such as (None, 48, 48, 32), the batch axis first"
_NO_SHAPE = ("multiple", "?", "None")
_LABEL = re.compile(
    r"(?P<name>[^\s()\[\]|│┃└&<>*\\]+?)\s*\(\s*(?P<layer>[^\s()]*)\s*(?P<closed>\)?)"
)
_CONNECTION = re.compile(r"[^\s\[\],'|│┃&<>*\\]+\[[0-9]{1,4}\]\[[0-9]{1,4}\]")
_QUOTED = re.compile(r"u?'([^']*)'")
_CONNECTION_WIDTH = 33
_CUT = "…"
_DOTS = "..."
_LONGEST_CLASS = 60
# As near as this and of about the same length, another name is a slip of the pen.
_NEAR = 0.85


@dataclass(frozen=True)
class Label:
    """The first cell of a row: the layer's name, whether it was cut, and its class.

    `classes` are today's names of the class, several where a cut one may be any of them.
    """

    name: str
    classes: tuple[str, ...]
    cut: bool


def read_label(cell: Piece, ndim: int | None) -> Label:
    """Name and class out of a cell such as "dense_1 (Dense)"; `ndim` counts the output's axes."""
    # Some write three dots where they cut by hand.
    cell = Piece(cell.text.replace(_DOTS, _CUT), cell.number, cell.column)
    match = _LABEL.fullmatch(cell.text.replace(_CUT, ""))
    if match is None:
        raise misread(cell, "a layer's name and its class, such as dense_1 (Dense)")
    first, _, _ = cell.text.partition("(")
    layer = cell.text[len(first) :]
    closed = bool(match["closed"]) and _CUT not in layer
    name = match["name"]
    place = Piece(match["layer"], cell.number, cell.column)
    found = _read_class(place, name, cut=not closed, ndim=ndim)
    return Label(name, found, _CUT in first)


def _read_class(cell: Piece, name: str, *, cut: bool, ndim: int | None) -> tuple[str, ...]:
    """Today's names of the classes that it may be, perhaps `cut`, for the layer called `name`."""
    printed = cell.text
    found = candidates(printed, cut=cut, instance=name, ndim=ndim)
    if len(found) == 1 or (found and all(_depends_on_input(one) for one in found)):
        return found
    if found and printed:
        raise unclear_class(cell, found)
    if cut or not printed:
        raise misread(
            cell,
            "the class of this layer, which was cut and is none of Keras' own; "
            "write it out in full, with its closing parenthesis",
        )
    _refuse_slip(cell)
    return (printed,)


def _depends_on_input(layer: str) -> bool:
    """Whether it takes what goes in to know how many axes the class works on."""
    return layer.startswith("Global") and "Pooling" in layer


def unclear_class(cell: Piece, found: Sequence[str]) -> SummaryError:
    """The error for a class that was cut and may be any of these."""
    return misread(
        cell,
        f"a class name that can be told from others: it may be {_listed(found)}; "
        "write it out in full, with its closing parenthesis",
    )


def _refuse_slip(cell: Piece) -> None:
    """A class of the author's own may be called anything but nearly as one of Keras' is."""
    names = sorted(CLASS_NAMES | ALIASES.keys() | FORMER_NAMES)
    printed = cell.text
    if not printed.replace(".", "").isidentifier() or len(printed) > _LONGEST_CLASS:
        raise misread(cell, "a class name such as Dense between the parentheses")
    alike = [name for name in names if abs(len(name) - len(printed)) <= 1]
    if any(SequenceMatcher(None, name, printed).ratio() >= _NEAR for name in alike):
        near = _listed(tuple(get_close_matches(printed, names, n=3)))
        raise misread(cell, f"a layer class of Keras; close to it: {near}")


def read_shape(cell: Piece) -> Shape | None:
    """The shape in a cell such as "(None, 48, 48, 32)"; None where it holds none, or several."""
    text = re.sub(r"\s+", "", cell.text)
    if text in _NO_SHAPE or text.startswith(("{", "[]")):
        return None
    inner = text.removeprefix("[")
    # An input of tf.keras 2 has its shape in a list, whose end a narrow column cuts.
    inner = inner.removesuffix("]") if inner != text else text
    if _SHAPE.fullmatch(inner):
        axes = [axis for axis in inner[1:-1].split(",") if axis]
        return tuple(int(axis) if axis.isdigit() else None for axis in axes)
    if _has_several(text):
        return None
    if _CUT in text or text.count("(") > text.count(")"):
        raise misread(
            cell,
            "the whole output shape: the column cut it, and what was cut cannot be known; print "
            "the summary with a larger line_length, or write the shape out in full",
        )
    raise misread(cell, _SHAPE_FORM)


def _has_several(text: str) -> bool:
    """Whether more than one shape stands here, the last of them perhaps cut."""
    bare = f"({text.lstrip('([')}"
    first = _SHAPE.match(bare)
    rest = bare[first.end() :].lstrip(")]") if first else ""
    return rest[:2] in (",(", ",[") or (rest == "," and text.startswith(("[", "((")))


def read_params(cell: Piece) -> int | None:
    """The parameter count of a row; None where the layer was not built."""
    return None if _UNBUILT.fullmatch(cell.text) else read_number(cell)


def cut_count(cell: Piece) -> str:
    """The digits that a column left of a count that it cut; "" where it is whole."""
    match = _CUT_COUNT.fullmatch(cell.text)
    return match["digits"].replace(",", "") if match else ""


def unclear_count(printed: PrintedRow) -> SummaryError:
    """The error for a count of which only the first digits are known."""
    return misread(
        printed.label,
        f"the whole count of its parameters, of which the column left {printed.count_begins!r}; "
        "print the summary in a wider terminal, or with line_length=200",
    )


def read_number(cell: Piece) -> int:
    """The count in a cell, with or without commas."""
    match = _COUNT.fullmatch(cell.text)
    if match is None:
        raise misread(cell, "a parameter count such as 9248 or 9,248")
    return int(match["whole"].replace(",", ""))


def read_connections(cells: Sequence[Piece]) -> tuple[str, ...]:
    """What a layer is connected to, as "dense_1[0][0]"; a name that a column cut has no bracket."""
    text = "".join(cell.text for cell in cells)
    if text in ("", "-", "[]"):
        return ()
    if text.startswith("["):
        return _read_list(cells[0], text)
    parts = [
        Piece(part.strip(), cell.number, cell.column)
        for cell in cells
        for part in cell.text.split(",")
    ]
    return tuple(_connection(part) for part in parts if part.text)


def _read_list(cell: Piece, text: str) -> tuple[str, ...]:
    """The connections in a list as tf.keras 2.7 prints it: "['dense_1[0][0]', 'dense_2[0][0]']"."""
    found = _QUOTED.findall(text)
    around = re.sub(r"\s", "", _QUOTED.sub("*", text))
    if around != f"[{','.join('*' * len(found))}]":
        raise misread(cell, "connections in a list, such as ['dense_1[0][0]', 'dense_2[0][0]']")
    return tuple(_connection(Piece(name, cell.number, cell.column)) for name in found)


def _connection(part: Piece) -> str:
    text = part.text
    if _CONNECTION.fullmatch(text):
        return text
    if " " not in text and (_CUT in text or len(text) >= _CONNECTION_WIDTH):
        return text.partition(_CUT)[0]
    raise misread(part, "a connection such as dense_1[0][0]")


def _listed(names: Sequence[str]) -> str:
    return " or ".join(names)
