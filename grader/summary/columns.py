"""Reads the layouts of Keras 1 and 2: columns between blanks, which may have been collapsed.

A line with a shape and a parameter count begins a row. Lines below it without one go on with what
is still open: with a wrapped name or shape (from tf.keras 2.7 on), with further connections.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from grader.summary.excerpts import Excerpt
from grader.summary.lines import Cells, Line, Piece, joined, misread

_HEADER = re.compile(
    r"\s*Layer\s*\(\s*type\s*\)(?P<gap>\s*)Output\s*Shape\s*(?P<params>Param\s*#?)"
    r"\s*(?P<connected>Connected\s*to)?\s*(?P<trainable>Trainable)?\s*",
    re.IGNORECASE,
)
_RULE = re.compile(r"[_=¯─━\-|]{3,}")
# keras 2.8 layer_utils.print_summary: a bar on either side for each network around the row.
_FRAME = re.compile(r"\s*(?P<bars>\|+)")
_SHAPE_START = re.compile(
    r"\((?=\s*(?:None\b|\?|[0-9])|\)|\()|\[(?=[(\]])|\{|(?<=[\s)])(?:multiple\b|\?(?=\s))"
)
_PARAMS = re.compile(
    r"(?<=[\s)\]}])(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.0)?(?:\s?\(un\w{0,9}\)?)?(?=\s|$)"
)
_FLAG = re.compile(r"(?<=\s)[YN-]$")
_CONNECTED = re.compile(r"'|[^\s\[\]]*[\[\]]")
_ROW_FORM = "a row of the form: name (Class) (None, 48, 48, 32) 9248"
_CONNECTED_FORM = f"{_ROW_FORM} layer_above[0][0]"
_RULE_FORM = "a row above and below every rule of '_'"


@dataclass(frozen=True)
class _Columns:
    """Where columns begin, None where blanks were collapsed, and which of the further there are."""

    starts: tuple[int, int, int] | None
    connected: bool
    trainable: bool


@dataclass
class _Open:
    """A row whose lines are still being read."""

    line: Line
    label: list[Piece]
    shape: list[Piece]
    params: Piece
    connected: list[Piece]
    trainable: Piece | None
    depth: int
    lines: list[Line] = field(default_factory=list)

    def closed(self) -> Cells:
        """The row, its cells joined: they were cut within words, so nothing comes between."""
        return Cells(
            joined(self.label, ""),
            joined(self.shape, ""),
            self.params,
            tuple(self.connected),
            self.trainable,
            self.depth,
        )


def read_cells(excerpt: Excerpt) -> Iterator[Cells]:
    """The cells of every row, each joined over its lines."""
    columns = _columns(excerpt.header)
    row: _Open | None = None
    ruled: Line | None = None
    for line in excerpt.body:
        depth, inner = _unframed(line)
        if not inner.text.strip():
            continue
        if _RULE.fullmatch(inner.text.strip()):
            _check_rule(inner, ruled)
            ruled = inner
            continue
        begun = _begin(inner, columns, depth)
        if begun is not None:
            if row is not None:
                yield row.closed()
            row = begun
        elif row is None or ruled is not None:
            raise misread(inner.piece(), _form(columns))
        else:
            _go_on(row, inner, columns)
        ruled = None
    if ruled is not None and set(ruled.text.strip()) == {"_"}:
        raise misread(ruled.piece(), _RULE_FORM)
    if row is not None:
        yield row.closed()


def _check_rule(line: Line, before: Line | None) -> None:
    """A rule without a row on either side is what a lost row leaves behind.

    Where a narrow page breaks every rule, its end stands below it and is shorter.
    """
    if before is None or len(line.text.strip()) < len(before.text.strip()):
        return
    if "_" in (line.text.strip()[0], before.text.strip()[0]):
        raise misread(line.piece(), _RULE_FORM)


def _form(columns: _Columns) -> str:
    return f"{_CONNECTED_FORM if columns.connected else _ROW_FORM}, or a rule of '='"


def _columns(header: Line) -> _Columns:
    match = _HEADER.fullmatch(header.text)
    if match is None:
        expected = "the header 'Layer (type) Output Shape Param #', perhaps with 'Connected to'"
        raise misread(header.piece(), expected)
    starts = None
    if len(match["gap"]) > 1:
        connected = match.start("connected")
        # Without that column nothing stands so far to the right.
        last = connected if match["connected"] else len(header.text) + 1000
        starts = (match.end("gap"), match.start("params"), last)
    return _Columns(starts, bool(match["connected"]), bool(match["trainable"]))


def _unframed(line: Line) -> tuple[int, Line]:
    """How many networks' frames the line stands in, and the line without them."""
    frame = _FRAME.match(line.text)
    if frame is None:
        return 0, line
    end = len(line.text.rstrip().rstrip("|"))
    inner = line.blanked(frame.start(), frame.end())
    return len(frame["bars"]), Line(inner.text[: max(end, frame.end())], line.marks)


def _begin(line: Line, columns: _Columns, depth: int) -> _Open | None:
    """The row that the line begins; None where it does not hold a shape and a count."""
    start = _SHAPE_START.search(line.text)
    if start is None:
        return None
    counts = list(_PARAMS.finditer(line.text, start.end()))
    if not counts:
        return None
    params = counts[-1]
    end = len(line.text.rstrip())
    flag = _FLAG.search(line.text, params.end(), end) if columns.trainable else None
    rest = line.piece(params.end(), flag.start() if flag else end)
    if rest.text and not columns.connected:
        raise misread(rest, "nothing behind the parameter count")
    return _Open(
        line=line,
        label=[line.piece(0, start.start())],
        shape=[line.piece(start.start(), params.start())],
        params=line.piece(params.start(), params.end()),
        connected=[rest] if rest.text else [],
        trainable=line.piece(flag.start(), flag.end()) if flag else None,
        depth=depth,
    )


def _go_on(row: _Open, line: Line, columns: _Columns) -> None:
    """Add what the line holds to the cells of the row above it."""
    if columns.starts is not None and _is_columnar(line, columns.starts):
        shape, params, connected = columns.starts
        label, sizes = line.piece(0, shape), line.piece(shape, params)
        others = line.piece(min(params, connected))
    else:
        label, sizes, others = _by_what_is_open(row, line)
    if label.text:
        row.label.append(label)
    if sizes.text:
        row.shape.append(sizes)
    if others.text:
        if not columns.connected or not row.connected:
            raise misread(others, _form(columns))
        row.connected.append(others)


def _is_columnar(line: Line, starts: Sequence[int]) -> bool:
    """Whether the line keeps to the columns: it is indented, and goes across no beginning."""
    return line.text.startswith(" ") and not any(
        line.text[start - 1 : start].strip() for start in starts
    )


def _by_what_is_open(row: _Open, line: Line) -> tuple[Piece, Piece, Piece]:
    """The line parted without columns: the rest of the name, the rest of the shape, connections."""
    text = line.text
    at = len(text) - len(text.lstrip())
    label_end = shape_end = at
    if ")" not in row.label[-1].text and not _CONNECTED.match(text, at):
        label_end = shape_end = text.find(")", at) + 1 or len(text)
    if _is_open(row.shape) and not _CONNECTED.match(text[label_end:].lstrip()):
        shape_end = _shape_end(row.shape, text, label_end)
    return line.piece(at, label_end), line.piece(label_end, shape_end), line.piece(shape_end)


def _is_open(pieces: Sequence[Piece]) -> bool:
    text = "".join(piece.text for piece in pieces)
    return sum(map(text.count, "([{")) > sum(map(text.count, ")]}"))


def _shape_end(shape: Sequence[Piece], text: str, start: int) -> int:
    """Where brackets that `shape` opens are closed in `text`, its end if nowhere."""
    before = "".join(piece.text for piece in shape)
    depth = sum(map(before.count, "([{")) - sum(map(before.count, ")]}"))
    for index in range(start, len(text)):
        depth += (text[index] in "([{") - (text[index] in ")]}")
        if depth == 0:
            return index + 1
    return len(text)
