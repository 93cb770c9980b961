"""Finds the table in a text: its header, the lines of its rows, what stands below them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from grader.summary.lines import Line, ended, misread

BARS = "│┃║|"
_HEAD = "┃"
_HEADER = re.compile(
    rf"(?P<prefix>[^{BARS}]*?)(?P<table>(?:[{BARS}]\s*)?\bLayer\b\s*(?:\(\s*type\s*\)?)?"
    rf"\s*[{BARS}]?\s*Outp(?:ut|u…|…|\b).*)",
    re.IGNORECASE,
)
_MODEL = re.compile(r"\bModel: [\"“'](?P<name>[^\"”']*)")
_TOTAL = re.compile(r"\btotal params\b", re.IGNORECASE)
# A notebook's file has its lines as strings, each ended like this.
_STRING_END = re.compile(r"(?:\\n)?\",?$")
_EXPECTED = (
    "a summary that Keras printed, from the header line "
    "'Layer (type) Output Shape Param #' to the totals"
)


@dataclass(frozen=True)
class Excerpt:
    """The parts of a printed summary, without what stands before and after it."""

    model: str | None
    header: Line
    body: tuple[Line, ...]
    below: tuple[Line, ...]


def find_table(lines: Sequence[Line]) -> Excerpt:
    """The one table in these lines; SummaryError where there is none, half of one, or several."""
    lines = _with_whole_headers(lines)
    headers = [(index, match) for index, line in enumerate(lines) if (match := _header(line))]
    if not headers:
        raise misread(lines[0].piece(), _EXPECTED) if lines else ended(lines, _EXPECTED)
    if len(headers) > 1:
        second = lines[headers[1][0]].piece()
        raise misread(second, "one summary; keep one of them, or put each in a file of its own")
    index, match = headers[0]
    header, *rest = _without_prefix(lines[index:], match["prefix"])
    end = next((at for at, line in enumerate(rest) if _TOTAL.search(line.text)), None)
    if end is None:
        expected = "the rows, and below the last 'Total params:' with a count"
        raise ended(lines, expected)
    return Excerpt(_model(lines[:index]), header, tuple(rest[:end]), tuple(rest[end:]))


def _with_whole_headers(lines: Sequence[Line]) -> list[Line]:
    """The lines, the heading of a box in one where a narrow one takes several."""
    joined: list[Line] = []
    for line in lines:
        above = joined[-1] if joined else line
        bars = line.text.count(_HEAD)
        if joined and bars > 1 and above.text.count(_HEAD) == bars:
            cells = zip(above.text.split(_HEAD), line.text.split(_HEAD), strict=True)
            start, *rest = (f"{one.strip()} {other.strip()}".strip() for one, other in cells)
            prefix = above.text.partition(_HEAD)[0] if start else ""
            joined[-1] = Line(prefix + _HEAD + _HEAD.join(f" {one} " for one in rest), above.marks)
        else:
            joined.append(line)
    return joined


def _header(line: Line) -> re.Match[str] | None:
    # A prefix is short: a time, a logger's name, a comment sign.
    return _HEADER.match(line.text) if "ayer" in line.text[:300] else None


def _model(above: Sequence[Line]) -> str | None:
    found = [match["name"] for line in above if (match := _MODEL.search(line.text[:500]))]
    return found[-1] if found else None


def _without_prefix(lines: Sequence[Line], prefix: str) -> list[Line]:
    """The lines without what stands before the header, such as '# ' or a logger's time."""
    sign = prefix.rstrip()
    if not sign:
        return list(lines)
    # Times and counters differ from line to line.
    like = re.compile(re.sub(r"[0-9]+", "[0-9]+", re.escape(sign)))
    freed = []
    for line in lines:
        match = like.match(line.text)
        cut = line.blanked(0, match.end()) if match else line
        end = _STRING_END.search(cut.text) if sign.endswith('"') else None
        freed.append(Line(cut.text[: end.start()], cut.marks) if end else cut)
    return [line for line in freed if line.text.strip()]
