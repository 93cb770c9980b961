"""Telling: what was noticed while a hand-in was searched for its parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from grader.messages.words import count, joined
from grader.records import Notice
from grader.submissions import ACCEPTED, EXPECTED, MAX_DEPTH
from grader.text import printable_name

Values = Mapping[str, str | int | tuple[str, ...]]

_MOST_NAMES = 5
_MOST_PARTS = 20
_MARKER = "The cell of a part begins with a line like '# part: {}'."
_MEMBERS: Mapping[str, str] = {
    "outside": "because their paths lead outside the archive",
    "link": "because links are not followed",
    "special": "because they are no files",
    "encrypted": "because of a password",
    "deep": "because their paths are too long or too deep",
    "bomb": "because they unpack to far more than their size",
    "large": "because of their size",
    "broken": "because they are damaged or packed in an unusual way",
    "many": "because there are too many of them",
    "twice": "because later members have the same paths",
}
_LEFT_OUT: Mapping[str, str] = {
    "link": "because links are not followed",
    "odd": "because they are neither files nor folders",
    "deep": f"because they lie more than {MAX_DEPTH} folders deep",
    "unreadable": "because they could not be read",
    "any": "because they are links, no files, or cannot be read",
}
_STOPPED: Mapping[str, str] = {
    "bytes": "it unpacks to more than is allowed",
    "contents": "its table of contents is too large",
    "overlap": "its members overlap",
    "damaged": "it is damaged",
    "system": "the system did not allow it",
}
_NOTEBOOK: Mapping[str, str] = {
    "large": "it is larger than 100 MB",
    "values": "it holds too many single values",
    "empty": "it is empty",
    "json": "broken JSON",
    "utf-8": "broken JSON, the text is not UTF-8",
    "number": "broken JSON, a number is too long",
    "deep": "its JSON is nested too deeply",
    "memory": "it needs too much memory",
    "no-object": "its JSON is no object",
    "no-cells": "it has no cells",
}


def notice_messages(notices: Sequence[Notice]) -> tuple[str, ...]:
    """The notices in words, in their order."""
    return tuple(_SENTENCES[notice.code](notice.values) for notice in notices)


def _name(values: Values, key: str = "path") -> str:
    return printable_name(str(values[key]))


def _names(values: Values, key: str = "names", most: int = _MOST_NAMES) -> str:
    """The first names, and how many more there are: `a, b and 9,998 more`."""
    found = values[key]
    names = found if isinstance(found, tuple) else ()
    shown = [printable_name(name) for name in names[:most]]
    more = len(names) - len(shown)
    return joined([*shown, f"{more:,} more"] if more else shown)


def _number(values: Values, key: str) -> int:
    number = values[key]
    return number if isinstance(number, int) else 0


def _length(values: Values, key: str = "names") -> int:
    found = values[key]
    return len(found) if isinstance(found, tuple) else 0


def _because(reasons: Mapping[str, str], values: Values) -> str:
    error = printable_name(str(values.get("error", "")))
    return reasons[str(values["reason"])] + (f", {error}" if error else "")


def _marked_twice(values: Values) -> str:
    cells = values["cells"]
    last = cells[-1] if isinstance(cells, tuple) else ""
    both = "both" if _length(values, "cells") == len(("one", "other")) else "all"
    return (
        f"{_name(values)}: cells {_names(values, 'cells')} are {both} marked as "
        f"{values['part']}; the last one, cell {last}, counts."
    )


def _unknown_marker(values: Values) -> str:
    marker = printable_name(str(values["marker"])) or "nothing"
    return (
        f"{_name(values)}, cell {values['cell']}: it is marked as {marker}, which is no part. "
        f"Parts are: {_names(values, 'parts', _MOST_PARTS)}."
    )


def _helpers(values: Values) -> str:
    largest = _number(values, "most_bytes") // 1024**2
    return (
        f"{_name(values)} cannot import {_names(values)}: not readable, larger than 1 MB, or with "
        f"the others larger than {largest} MB."
    )


def _example(values: Values) -> str:
    parts = values["parts"]
    return parts[0] if isinstance(parts, tuple) and parts else ""


def _no_part(values: Values) -> str:
    parts = values["parts"] if isinstance(values["parts"], tuple) else ()
    expected = _names({"names": tuple(f"{part}.py" for part in parts)}, "names", _MOST_PARTS)
    return (
        f"No part was found. Found: {_names(values) or 'no files'}. Expected: files named "
        f"{expected}, or a notebook. {_MARKER.format(_example(values))}"
    )


_SENTENCES: Mapping[str, Callable[[Values], str]] = {
    "archive-misnamed": lambda v: (
        f"{_name(v)} is named like an archive, but its content is none. Please hand in {ACCEPTED}."
    ),
    "archive-not-read": lambda v: (
        f"{_name(v)} is a {v['kind']} archive, which is not read here. Please hand in {ACCEPTED}."
    ),
    "archive-no-tar": lambda v: (
        f"{_name(v)} is compressed, but holds no tar archive. Please hand in {ACCEPTED}."
    ),
    "archive-stopped": lambda v: (
        f"{_name(v)} could not be read to its end: {_because(_STOPPED, v)}."
    ),
    "archive-too-deep": lambda v: (
        f"{_name(v)} was not opened: it lies in an archive in an archive. Please pack once."
    ),
    "members-left-out": lambda v: (
        f"{_name(v)}: left out {_length(v):,} of its members {_because(_MEMBERS, v)}: {_names(v)}."
    ),
    "left-out": lambda v: f"Left out, {_because(_LEFT_OUT, v)}: {_names(v)}.",
    "many-files": lambda v: (
        f"The folder holds more than {v['most']:,} files and folders; "
        f"{v['left_out']:,} were left out."
    ),
    "no-submission": lambda v: f"{_name(v)} was passed over. {EXPECTED}",
    "passed-over": lambda v: (
        f"Passed over {count(_length(v), 'file')} beside the submissions: {_names(v)}."
    ),
    "metadata": lambda v: (
        f"{_name(v)} could not be read: {printable_name(str(v['error']))}. The names of the "
        f"folders stand in for those of the students."
    ),
    "late": lambda v: f"{v['system']} marks this hand-in as late.",
    "attempt": lambda v: f"This is attempt {v['attempt']} by {v['system']}'s count, and it counts.",
    "attempts": lambda v: (
        f"Handed in more than once: {_name(v)} counts, as the latest; left aside: "
        f"{_names(v, 'others')}."
    ),
    "together": lambda v: f"Handed in together by {_names(v, most=_MOST_PARTS)}.",
    "text-large": lambda v: f"{_name(v)} was not read: it is larger than 2 MB.",
    "text-unmarked": lambda v: (
        f"{_name(v)} holds Python, but does not say for which part. The code of a part begins "
        f"with a line like '# part: {_example(v)}'."
    ),
    "unreadable": lambda v: f"{_name(v)} could not be read: {printable_name(str(v['error']))}.",
    "copies": lambda v: (
        f"{v['part']}: {_name(v)} counts, as the copy with the highest number; left aside: "
        f"{_names(v, 'others')}."
    ),
    "untouched": lambda v: (
        f"{v['part']}: {_name(v)} counts; nothing was written yet in {_names(v, 'others')}."
    ),
    "candidates": lambda v: f"{v['part']}: only the first {v['most']} of its files were looked at.",
    "too-much": lambda v: (
        f"Left out, because the files before are more than anyone needs: {_names(v)}."
    ),
    "more": lambda v: f"{count(_number(v, 'more'), 'further notice')} left out here.",
    "near-miss": lambda v: (
        f"{v['part']} was not found. {_names(v)} may be meant: it would have to be called "
        f"{v['part']}.py."
    ),
    "no-marker": lambda v: (
        f"No part was found: in {_names(v)} no cell is marked. {_MARKER.format(_example(v))}"
    ),
    "no-part": _no_part,
    "helpers": _helpers,
    "notebook": lambda v: f"{_name(v)} could not be read as a notebook: {_because(_NOTEBOOK, v)}.",
    "marked-twice": _marked_twice,
    "unknown-marker": _unknown_marker,
    "unknown-markers": lambda v: (
        f"{_name(v)}: {count(_number(v, 'more'), 'further cell')} marked as what is no part."
    ),
    "marker-below": lambda v: (
        f"{_name(v)}: a line like '# part: {_example(v)}' counts only where a cell begins with it, "
        f"and not in {_names(v, 'places')}."
    ),
    "magics": lambda v: (
        f"{_name(v)}, cell {v['cell']}: left out {count(_length(v, 'lines'), 'line')} meant for "
        f"the notebook, not for Python: {_names(v, 'lines')}."
    ),
}
