"""Reads the summaries of Keras 1.2, in their columns or with the blanks between them collapsed.

A row is cut to its columns: name and class to 32 characters, a connection to 33. The further
connections of a layer stand alone on the lines below it (keras 1.2 keras/utils/layer_utils.py,
print_summary).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from grader.records import Row, Totals
from grader.summary.fields import read_class, read_count, read_shape
from grader.summary.lines import Line, PrintedRow, Table, ended, misread

_HEADER = "Layer (type) Output Shape Param # Connected to"
_ROW = re.compile(
    r"(?P<name>\S+) \((?P<layer>\w*)(?P<closed>\)?)"
    r"\s+(?P<shape>\(.*\))\s+(?P<params>\S+)(\s+(?P<connection>\S+))?"
)
_ROW_FORM = (
    "a row of the form: name (Class) (None, 48, 48, 32) 9248 layer_above[0][0], "
    "with a rule of '_' between two rows"
)
_RULE_FORM = "a row above and below every rule of '_'"
_CONNECTION = re.compile(r"[^\s\[\]]+\[[0-9]{1,4}\]\[[0-9]{1,4}\]")
_CONNECTION_WIDTH = 33
_TOTALS = ("Total params:", "Trainable params:", "Non-trainable params:")


def recognises(lines: Sequence[Line]) -> bool:
    """Whether the text has the header line of this format."""
    return any(_is_header(line) for line in lines)


def read_table(lines: tuple[Line, ...]) -> Table:
    """Rows and totals of a text with this format's header; SummaryError where it is broken."""
    header = next(index for index, line in enumerate(lines) if _is_header(line))
    for line in lines[:header]:
        if not _is_rule(line, "_"):
            raise misread(line, "nothing but a rule of '_' above the header")
    body = lines[header + 1 :]
    if body and not _is_rule(body[0], "="):
        raise misread(body[0], "a rule of '=' below the header")
    end = next((index for index, line in enumerate(body) if index and _is_rule(line, "=")), None)
    if end is None:
        raise ended(
            lines, "a rule of '=' below the header, the rows and another below the last row"
        )
    rows = _read_rows(body[1:end])
    totals = _read_totals(lines, body[end + 1 :])
    return Table(rows, totals, body[end + 1])


def _is_header(line: Line) -> bool:
    return " ".join(line.text.split()) == _HEADER


def _is_rule(line: Line, character: str) -> bool:
    return len(line.text) > 2 and set(line.text) == {character}  # noqa: PLR2004 - two make no rule


def _read_rows(lines: Sequence[Line]) -> tuple[PrintedRow, ...]:
    rows: list[PrintedRow] = []
    rule: Line | None = None
    for is_rule, group in groupby(lines, key=lambda line: _is_rule(line, "_")):
        first, *further = group
        if is_rule:
            # A rule without a row on either side is what a lost row leaves behind.
            if not rows or further:
                raise misread(first, _RULE_FORM)
            rule = first
        else:
            rows.append(_read_row(first, further))
            rule = None
    if rule is not None:
        raise misread(rule, _RULE_FORM)
    return tuple(rows)


def _read_row(first: Line, below: Sequence[Line]) -> PrintedRow:
    match = _ROW.fullmatch(first.text)
    if match is None:
        raise misread(first, _ROW_FORM)
    name = match["name"]
    layer = read_class(first, match["layer"], cut=not match["closed"], instance=name)
    shape = read_shape(first, match["shape"])
    params = read_count(first, match["params"])
    connections = _read_connections(first, match["connection"], below)
    if not connections and layer != "InputLayer":
        raise misread(first, "behind the parameter count what the layer is connected to")
    return PrintedRow(first, Row(layer, shape, params, name, connections))


def _read_connections(first: Line, beside: str | None, below: Sequence[Line]) -> tuple[str, ...]:
    if beside is None and below:
        raise misread(below[0], _ROW_FORM)
    printed = [] if beside is None else [(first, beside)]
    printed += [(line, line.text) for line in below]
    for line, text in printed:
        if _CONNECTION.fullmatch(text) is None and len(text) != _CONNECTION_WIDTH:
            expected = "a connection such as dense_1[0][0]"
            raise misread(line, expected if line is first else f"{expected}, or a rule of '_'")
    return tuple(text for _, text in printed)


def _read_totals(lines: tuple[Line, ...], below: Sequence[Line]) -> Totals:
    counts = []
    for index, label in enumerate(_TOTALS):
        if index >= len(below):
            raise ended(lines, f"'{label}' and a count")
        line = below[index]
        if not line.text.startswith(label):
            raise misread(line, f"'{label}' and a count")
        counts.append(read_count(line, line.text.removeprefix(label).strip()))
    for line in below[len(_TOTALS) :]:
        if not _is_rule(line, "_"):
            raise misread(line, "nothing but a rule of '_' below the totals")
    total, trainable, non_trainable = counts
    return Totals(total, trainable, non_trainable)
