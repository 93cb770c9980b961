"""Finding: the code in a page that a learning platform made of what a student typed or pasted.

An editor in a browser makes paragraphs of lines and no-break spaces of indentation. Only that is
undone; the page is never rendered, and nothing that it refers to is looked at. (`html.parser` is
left aside: until the patches of 2025 some pages of a megabyte keep it busy for hours.)
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterator
from itertools import pairwise

from grader.records import Notice
from grader.submissions.kinds import MAX_ONLINE_TEXT, MAX_SOURCE
from grader.submissions.notebooks import Cell, Notebook, is_marker, marked_parts

# What is matched is never given back (++), and a tag that is none ends at the next "<" outside of
# quotes: no page makes this slow.
_PIECE = re.compile(
    r"""
    <!--.*?(?:-->|\Z)
  | <(?P<hidden>head|style|script|title)\b.*?(?:</(?P=hidden)\s*+>|\Z)
  | <(?P<closing>/?)(?P<tag>[a-z][a-z0-9]*+)(?:[^<>"']++|"[^"]*+"|'[^']*+')*+>
  | <[!?/][^<>]*+>
  | (?P<text>[^<]++|<)
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
# More digits than any character's number has; from 4,300 on Python refuses to read them.
_NO_CHARACTER = re.compile(r"&#(?:[0-9]{8,}+|x[0-9a-f]{7,}+);?", re.IGNORECASE)
_BLOCKS = frozenset(
    {"address", "article", "blockquote", "body", "div", "dl", "figure", "footer", "header", "hr"}
    | {"html", "main", "ol", "pre", "section", "table", "tbody", "tr", "ul"}
)
# In these a line break in the page is none to its reader.
_RUNNING = frozenset({"p", "li", "td", "th", "dd", "dt", "h1", "h2", "h3", "h4", "h5", "h6"})
_BLANKS = " \t\n\f"
_UNSEEN = str.maketrans({"\xa0": " ", "\u200b": None, "\ufeff": None})
_BUILD_MODEL = re.compile(r"^[ \t]*+def[ \t]++build_model\b", re.MULTILINE)


def read_online_text(content: bytes, shown: str, part_ids: Collection[str]) -> Notebook:
    """The parts in the page, as in a notebook whose cells begin at the lines with a marker.

    Without a marker the text counts when it defines one `build_model` and names one part.
    """
    if len(content) > MAX_ONLINE_TEXT:
        return Notebook(notices=(Notice("text-large", {"path": shown}),))
    lines = text_of(content.decode("utf-8", "replace")).split("\n")
    if any(map(is_marker, lines)):
        return marked_parts(list(_cells(lines)), shown, part_ids)
    text = "\n".join(lines)
    defined = len(_BUILD_MODEL.findall(text))
    named = [part for part in part_ids if re.search(rf"\b{re.escape(part)}\b", text, re.IGNORECASE)]
    if defined == 1 and len(named) == 1:
        return marked_parts([Cell(1, f"# part: {named[0]}\n{text}")], shown, part_ids)
    notice = Notice("text-unmarked", {"path": shown, "parts": tuple(part_ids)})
    return Notebook(notices=(notice,) if defined else ())


def text_of(page: str) -> str:
    """The text of a page, line by line as its reader saw it, with the blanks before each line."""
    reading = _Reading()
    for piece in _PIECE.finditer(page):
        if piece["text"]:
            reading.add(html.unescape(_NO_CHARACTER.sub("\ufffd", piece["text"])))
        elif piece["tag"]:
            reading.pass_tag(piece["tag"].lower(), is_closing=bool(piece["closing"]))
    return reading.text()


class _Reading:
    """The reading of one page, from its top."""

    def __init__(self) -> None:
        # Of each line its pieces: a line may consist of a million.
        self._lines: list[list[str]] = [[]]
        self._is_running = False
        self._depth_of_pre = 0
        self._has_text = False
        self._in_title = False
        # Blanks at the beginning of a block lay the page out; those after <br> are the student's.
        self._at_block = True

    def add(self, text: str) -> None:
        """Takes a piece of text."""
        first, *others = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self._add_to_line(first)
        for line in others:
            if self._depth_of_pre or (self._lines[-1] and not self._is_running):
                self._lines.append([])
            elif self._lines[-1]:
                self._lines[-1].append(" ")
            self._add_to_line(line)

    def pass_tag(self, tag: str, *, is_closing: bool) -> None:
        """Takes a tag, which may begin a line."""
        if tag == "br":
            self._lines.append([])
            self._at_block = False
        elif tag in _BLOCKS or tag in _RUNNING:
            if tag == "pre":
                self._depth_of_pre = max(self._depth_of_pre + (-1 if is_closing else 1), 0)
            if tag == "h1":
                self._pass_title(is_closing=is_closing)
            self._is_running = not is_closing and tag in _RUNNING
            self._at_block = not self._depth_of_pre
            if self._lines[-1]:
                self._lines.append([])

    def text(self) -> str:
        """What was read, without no-break spaces and characters that nobody sees."""
        return "\n".join(map("".join, self._lines)).translate(_UNSEEN)

    def _add_to_line(self, piece: str) -> None:
        if self._at_block:
            piece = piece.lstrip(_BLANKS)
        if piece:
            self._lines[-1].append(piece)
            self._at_block = False
            self._has_text = True

    def _pass_title(self, *, is_closing: bool) -> None:
        """Leaves out a heading above everything else, which Canvas writes there."""
        if is_closing and self._in_title:
            self._lines = [[]]
        self._in_title = not is_closing and not self._has_text


def _cells(lines: list[str]) -> Iterator[Cell]:
    """The lines up to the first marker, and from each marker up to the next."""
    starts = [0, *(n for n, line in enumerate(lines) if n and is_marker(line)), len(lines)]
    for number, (start, end) in enumerate(pairwise(starts), start=1):
        yield Cell(number, "\n".join(lines[start:end])[: MAX_SOURCE + 1])
