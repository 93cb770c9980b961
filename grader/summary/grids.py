"""Reads the layouts whose columns stand between bars: Keras 3's boxes, Markdown, HTML tables.

A row of a box may take several lines, and a rule parts it from the next. Where there are no rules
between rows, a line that has a parameter count begins a row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from grader.summary.excerpts import BARS, Excerpt
from grader.summary.lines import Cells, Line, Piece, joined, misread

_BAR = re.compile(f"[{BARS}]")
# Horizontal strokes, corners and crossings, in ASCII too.
_RULE = re.compile(r"[\s+|:=_¯\-\u2500-\u257f]*")
_STROKES = re.compile(r"[+=_¯\-─━┄┅┈┉═╌╍╴╶╸╺]")
_BOX_BARS = "│┃║"
# keras 3.x summary_utils.print_summary: three blanks for each network around a row, and a corner.
_NESTED = re.compile(r"(?P<indent>\s*)[└|`\-]+[─-]*\s")
_INDENT = 3
_CUT_ADVICE = (
    ", the last of them too; where a terminal cut the lines, print the summary in a wider one, or "
    "with a smaller line_length"
)


def read_cells(excerpt: Excerpt) -> Iterator[Cells]:
    """The cells of every row, each joined over its lines."""
    header = _split(excerpt.header)
    columns = _columns(excerpt, header)
    for group in _groups(excerpt.body, len(columns)):
        cells = [[line_cells[index] for line_cells in group] for index in range(len(columns))]
        named = dict(zip(columns, cells, strict=True))
        label = joined(named["label"], " ")
        nested = _NESTED.match(label.text) if label.text[:1] in "└|`" else None
        depth = _depth(named["label"][0], excerpt, label) if nested else 0
        if nested:
            label = Piece(label.text[nested.end() :], label.number, label.column + nested.end())
        flag = named.get("trainable")
        yield Cells(
            label,
            joined(named["shape"], " "),
            joined(named["params"], " "),
            tuple(piece for piece in named.get("connected", ()) if piece.text),
            joined(flag, "") if flag else None,
            depth,
        )


def _columns(excerpt: Excerpt, header: Sequence[Piece]) -> tuple[str, ...]:
    further = []
    for piece in header[3:]:
        # A narrow column cuts its title: "Trainab…".
        kind = {"c": "connected", "t": "trainable"}.get(piece.text[:1].lower())
        if kind is None or kind in further:
            raise misread(excerpt.header.piece(), "after 'Param #' 'Connected to' or 'Trainable'")
        further.append(kind)
    if len(header) < len(("label", "shape", "params")):
        raise misread(excerpt.header.piece(), "'Layer (type)', 'Output Shape' and 'Param #'")
    return ("label", "shape", "params", *further)


def _groups(body: Sequence[Line], width: int) -> Iterator[list[list[Piece]]]:
    """The lines of each row, split into so many cells."""
    lines = _inside(body)
    ruled = any(line is None and before is not None for before, line in pairwise(lines))
    group: list[list[Piece]] = []
    for line in lines:
        if line is None:
            if group and ruled:
                yield group
                group = []
            continue
        cells = _padded(line, width)
        if group and not ruled and cells[2].text:
            yield group
            group = []
        group.append(cells)
    if group:
        yield group


def _inside(body: Sequence[Line]) -> list[Line | None]:
    """The lines of the rows, None for a rule; what stands below the box is left out."""
    found: list[Line | None] = []
    for line in body:
        if _RULE.fullmatch(line.text):
            if _STROKES.search(line.text):
                found.append(None)
        elif _BAR.search(line.text):
            found.append(line)
        elif any(found):
            raise misread(line.piece(), "a row between bars, or the totals")
    # The heading may take several lines; it ends with a rule.
    if None in found and found[0] is not None and _is_heading(found[0]):
        found = found[found.index(None) + 1 :]
    return found


def _is_heading(line: Line) -> bool:
    return not any(character.isdigit() for character in line.text) and "┃" in line.text


def _padded(line: Line, width: int) -> list[Piece]:
    """The cells of a line; in Markdown the last of them may be left out."""
    cells = _split(line)
    is_box = any(bar in line.text for bar in _BOX_BARS)
    # Behind the last bar of a whole line stands what somebody noted there.
    noted = len(cells) == width + 1 and len(_BAR.findall(line.text)) == width + 1
    if is_box and noted:
        return cells[:width]
    if is_box and (line.text.rstrip()[-1] not in _BOX_BARS or len(cells) != width):
        raise misread(line.piece(), f"{width} cells between bars{_CUT_ADVICE}")
    if len(cells) > width:
        raise misread(line.piece(), f"{width} cells between bars")
    end = Piece("", cells[-1].number, cells[-1].column)
    return [*cells, *[end] * (width - len(cells))]


def _split(line: Line) -> list[Piece]:
    """The cells of a line; a bar at either end is its frame."""
    bars = [match.start() for match in _BAR.finditer(line.text)]
    text = line.text.rstrip()
    start = -1 if text.lstrip()[:1] not in BARS else bars.pop(0)
    ends = bars if bars and bars[-1] == len(text) - 1 else [*bars, len(text)]
    starts = [start, *ends[:-1]]
    return [line.piece(begin + 1, end) for begin, end in zip(starts, ends, strict=True)]


def _depth(first: Piece, excerpt: Excerpt, label: Piece) -> int:
    """How many networks stand around the row; at least one, also where blanks were lost."""
    margin = excerpt.header.piece().column
    indent = label.column - margin - len("│ ")
    return max(1, indent // _INDENT) if first.text else 1
