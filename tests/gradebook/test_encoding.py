"""Records as JSON: what went in comes out, and nothing else does."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.records import (
    Architecture,
    CompileConfig,
    Description,
    Fault,
    Layer,
    Notice,
    Outcome,
    OutputCheck,
    Rebuilt,
    Row,
    Rule,
    Totals,
    Training,
)
from grader.records.encoding import decode, encode

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)
configs = st.dictionaries(st.text(max_size=5), json_values, max_size=2)
details = st.dictionaries(st.text(max_size=5), st.text(max_size=5) | st.integers(), max_size=2)
shapes = st.lists(st.none() | st.integers(0, 99), max_size=3).map(tuple)
rows = st.builds(Row, st.text(max_size=5), st.none() | shapes, st.none() | st.integers())
totals = st.builds(Totals, *[st.none() | st.integers()] * 3)
layers = st.builds(Layer, class_name=st.text(max_size=5), config=configs, typed=configs)
architectures = st.builds(
    Architecture,
    layers=st.lists(layers, max_size=2).map(tuple),
    rows=st.lists(rows, max_size=2).map(tuple),
    totals=totals,
)
faults = st.builds(
    Fault, st.sampled_from(Outcome), st.none() | st.sampled_from(Rule), details=details
)
descriptions = st.builds(
    Description,
    architecture=st.none() | architectures,
    fault=st.none() | faults,
    compile=st.none() | st.builds(CompileConfig, st.text(), configs, st.text(), configs),
)
networks = st.builds(
    Rebuilt,
    rows=st.lists(rows, max_size=2).map(tuple),
    totals=totals,
    input_shapes=st.lists(shapes, max_size=2).map(tuple),
    output=st.none() | st.builds(OutputCheck, shape=shapes),
    fault=st.none() | faults,
)
values = st.text(max_size=5) | st.integers() | st.lists(st.text(max_size=3)).map(tuple)
notices = st.builds(Notice, values=st.dictionaries(st.text(max_size=5), values, max_size=2))


@given(record=descriptions | networks | st.builds(Training) | notices)
def test_round_trip(record: Any) -> None:  # noqa: ANN401 - records of several kinds
    """Every record comes back as it was, with all its types; NaN and infinities too."""
    assert repr(record) == repr(decode(encode(record), type(record)))


def test_text_that_utf_8_does_not_have() -> None:
    """A lone surrogate becomes a question mark; all else stays."""
    found = decode(encode(Notice("a\udcff", {"ä\0": "\u202e"})), Notice)

    assert Notice("a?", {"ä\0": "\u202e"}) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '"error"',
        "{}",
        '{"outcome":"error","rule":null,"details":{},"more":1}',
        '{"outcome":"error","rule":null,"details":[]}',
        '{"outcome":"error","rule":"no-rule","details":{}}',
        '{"outcome":1,"rule":null,"details":{}}',
        '{"outcome":{},"rule":null,"details":{}}',
        "[" * 100_000,
    ],
)
def test_what_does_not_fit_raises(text: str) -> None:
    """Broken text, and text of another record, is a ValueError and never a record."""
    with pytest.raises(ValueError, match=r"\S"):
        decode(text, Fault)


@pytest.mark.parametrize("text", ['{"total":"8"', '{"total":8.0', '{"total":true'])
def test_numbers_are_not_made_of_something_else(text: str) -> None:
    """A text, a fraction or a truth value where a count belongs does not fit."""
    with pytest.raises(ValueError, match="is no int"):
        decode(text + ',"trainable":8,"non_trainable":0}', Totals)
