"""Finding: who handed in what and when, from the list that Gradescope adds to an export.

The list is YAML with the keys of a Ruby program. It is read as a stream of events, and of these
only the few that are looked for are kept: nothing in it is built, resolved or repeated, whatever
tags, references and depths it has, and a student number stays as it is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime

import yaml

from grader.records import Student
from grader.submissions.kinds import MAX_METADATA
from grader.submissions.senders import Entry

_MOST_SUBMITTERS = 100
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_Value = str | None | dict[str, "_Value"] | list["_Value"]
_KEPT = frozenset({":submitters", ":created_at", ":history"})
# Of what is kept, and of what is only passed. In brackets within brackets a parser takes ages.
_DEPTH_KEPT = 4
_DEPTH_PASSED = 100


class MetadataError(Exception):
    """Why the list cannot be read."""


def read_metadata(content: bytes) -> Mapping[str, Entry]:
    """The entries by name of folder. Raises MetadataError."""
    if len(content) > MAX_METADATA:
        raise MetadataError(f"it is larger than {MAX_METADATA // 1024**2} MB")
    try:
        # The parser in C, where PyYAML has it, is ten times as fast.
        loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
        document = _document(_shallow(yaml.parse(content, Loader=loader)))
    except (yaml.YAMLError, UnicodeError, ValueError) as error:
        raise MetadataError(" ".join(str(error).split())) from error
    if not isinstance(document, dict):
        raise MetadataError("it is no list of submissions")
    return {folder: _entry(value) for folder, value in document.items() if isinstance(value, dict)}


def _entry(value: Mapping[str, _Value]) -> Entry:
    submitters = value.get(":submitters")
    history = value.get(":history")
    return Entry(
        submitters=tuple(_students(submitters if isinstance(submitters, list) else [])),
        submitted_at=_time(value.get(":created_at")),
        attempt=1 + (len(history) if isinstance(history, list) else 0),
    )


def _students(submitters: list[_Value]) -> Iterator[Student]:
    for submitter in submitters[:_MOST_SUBMITTERS]:
        if isinstance(submitter, dict):
            name, sid, email = (_text(submitter.get(key)) for key in (":name", ":sid", ":email"))
            if name or sid or email:
                yield Student(name or email or sid or "", sid, email)


def _text(value: _Value) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _time(value: _Value) -> str | None:
    """A time as Ruby writes it, `2024-05-06 07:08:09.123456000 Z`, to the second."""
    text = _text(value)
    if text is None:
        return None
    with suppress(ValueError, OverflowError):
        time = datetime.fromisoformat(text.replace(" Z", "Z").replace(" +", "+").replace(" -", "-"))
        time = time.replace(tzinfo=time.tzinfo or UTC).astimezone(UTC)
        return time.isoformat(timespec="seconds")
    return None


def _shallow(events: Iterator[yaml.Event]) -> Iterator[yaml.Event]:
    """The events; raises MetadataError where they nest deeper than any result does."""
    depth = 0
    for event in events:
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEPTH_PASSED:
            raise MetadataError("it is nested too deeply")
        yield event


def _document(events: Iterator[yaml.Event]) -> _Value:
    """The first document, with what is not looked for left out."""
    for event in events:
        if isinstance(event, yaml.NodeEvent):
            return _node(event, events, depth=0)
    return None


def _node(event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> _Value:
    """The value that begins with this event; None for a reference to another."""
    if isinstance(event, yaml.ScalarEvent):
        is_null = event.style is None and event.value in _NULLS
        return None if is_null else event.value
    if isinstance(event, yaml.CollectionStartEvent):
        if depth > _DEPTH_KEPT:
            _pass(events)
            return None
        if isinstance(event, yaml.MappingStartEvent):
            return _mapping(events, depth)
        return [_node(item, events, depth + 1) for item in _items(events)]
    return None


def _mapping(events: Iterator[yaml.Event], depth: int) -> dict[str, _Value]:
    found: dict[str, _Value] = {}
    for item in _items(events):
        key = _node(item, events, depth + 1)
        value = next(events)
        # Of a submission only these; its results may take megabytes.
        if depth == 1 and key not in _KEPT:
            if isinstance(value, yaml.CollectionStartEvent):
                _pass(events)
        elif isinstance(key, str):
            found[key] = _node(value, events, depth + 1)
        else:
            _node(value, events, depth + 1)
    return found


def _items(events: Iterator[yaml.Event]) -> Iterator[yaml.Event]:
    """The events that begin the members of a collection, up to its end."""
    for event in events:
        if isinstance(event, yaml.CollectionEndEvent):
            return
        yield event


def _pass(events: Iterator[yaml.Event]) -> None:
    """Reads on to the end of the collection that has begun."""
    depth = 1
    for event in events:
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth == 0:
            return
