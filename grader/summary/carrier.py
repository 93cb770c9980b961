"""Takes a summary out of what carries it: HTML, Markdown, terminal colours, odd blanks.

What is left are lines of plain text. Cells of HTML tables become cells between bars, as Markdown
has them. Each line remembers where its text stood.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import pairwise

from grader.summary.lines import Line, Mark

_TAGS = (
    "a b body br center code col colgroup div em font h[1-6] html i li ol p pre s samp script "
    "small span strong style table tbody td tfoot th thead tr tt u ul"
)
_MARKUP = re.compile(
    r"(?P<newline>\r\n?|\n)"
    r"|(?P<dropped>\x1b\[[0-?]*[ -/]*[@-~]|[\u200b-\u200d\u2060\ufeff]|<!--|-->|`+|\*\*"
    r"|\\(?=[_*#|()\[\]<>.\"-]))"
    rf"|<(?P<close>/?)(?P<tag>{'|'.join(_TAGS.split())})\b[^<>]{{0,2000}}>"
    r"|&(?P<entity>#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8});",
    re.IGNORECASE,
)
# One for one, so that columns stay: tab and the blanks of other widths.
_BLANKS = str.maketrans(
    dict.fromkeys("\t\x0b\x0c\x85\xa0\u2007\u2009\u202f\u2028\u2029\u3000", " ")
)
# A page that keeps no ends of lines has rows and rules one after the other.
_LONG_RULE = re.compile(r"[_=]{20,}")
_WORD = re.compile(r"[A-Za-z]{3}")
_CELL_TAGS = ("td", "th")
_BREAKING_TAGS = ("br", "div", "li", "p", "pre", "table", "tbody", "thead")


class _Lines:
    """Lines in the making; within a row of an HTML table a new line is but a blank."""

    def __init__(self) -> None:
        self.made: list[Line] = []
        self.in_row = False
        self._parts: list[str] = []
        self._marks: list[Mark] = []
        self._length = 0

    def add(self, text: str, number: int, column: int) -> None:
        if text:
            self._marks.append(Mark(self._length, number, column))
            self._parts.append(text.translate(_BLANKS))
            self._length += len(text)

    def end(self) -> None:
        text = "".join(self._parts).rstrip()
        if text:
            self.made += _parted(Line(text, tuple(self._marks)))
        self._parts, self._marks, self._length = [], [], 0

    def tag(self, name: str, *, closes: bool, number: int, column: int) -> None:
        if name == "tr":
            if closes and self.in_row:
                self.add("|", number, column)
            self.end()
            self.in_row = not closes
        elif name in _CELL_TAGS and not closes:
            self.add("|", number, column)
        elif name in _BREAKING_TAGS and self.in_row:
            self.add(" ", number, column)
        elif name in _BREAKING_TAGS:
            self.end()


def _parted(line: Line) -> Iterator[Line]:
    """The line, parted before and after every long rule that stands in it beside words."""
    rules = list(_LONG_RULE.finditer(line.text)) if _WORD.search(line.text) else []
    edges = sorted({0, len(line.text), *(edge for rule in rules for edge in rule.span())})
    for start, end in pairwise(edges):
        if line.text[start:end].strip():
            yield line.part(start, end)


def lines_of(text: str) -> tuple[Line, ...]:
    """The lines of `text` that are not blank, without the markup around and within them."""
    lines = _Lines()
    number, start, at = 1, 0, 0
    for match in _MARKUP.finditer(text):
        lines.add(text[at : match.start()], number, at - start + 1)
        at = match.end()
        column = match.start() - start + 1
        if match["newline"]:
            if lines.in_row:
                lines.add(" ", number, column)
            else:
                lines.end()
            number, start = number + 1, at
        elif match["tag"]:
            name = match["tag"].lower()
            lines.tag(name, closes=bool(match["close"]), number=number, column=column)
            inside = match.group()
            if "\n" in inside:
                number, start = number + inside.count("\n"), match.start() + inside.rindex("\n") + 1
        elif match["entity"]:
            meant = html.unescape(match.group())
            lines.add(meant if meant.isprintable() else " ", number, column)
    lines.add(text[at:], number, at - start + 1)
    lines.end()
    return tuple(lines.made)
