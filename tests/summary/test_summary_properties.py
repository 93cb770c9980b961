"""Printed summaries: random tables read back, random damage is noticed."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from grader.errors import SummaryError
from grader.records import Row, Summary, Totals
from grader.summary import read_summary
from grader.summary.classes import ALIASES, CLASS_NAMES

POSITIONS = (33, 55, 67, 100)
NAME_WIDTH = 32
SHAPE_WIDTH = 21
# A default name that fills its column leaves nothing of the class: such a row cannot be read.
PRINTABLE = sorted(
    name
    for name in CLASS_NAMES | ALIASES.keys()
    if name != "InputLayer" and len(f"{name.lower()}_99 (") <= NAME_WIDTH
)


def print_row(fields: tuple[str, ...]) -> str:
    """One line in the columns of Keras 1.2, each field cut as it cuts them."""
    line = ""
    for index, field in enumerate(fields):
        line = (line[:-1] + " " if index else "") + field
        line = line[: POSITIONS[index]].ljust(POSITIONS[index])
    return line


def print_summary(printed: list[tuple[str, Row]], totals: Totals) -> str:
    """The text of Keras 1.2 for rows with the class names that it printed."""
    lines = ["_" * 100, print_row(("Layer (type)", "Output Shape", "Param #", "Connected to"))]
    rule = "="
    for name, row in printed:
        lines.append(rule * 100)
        assert row.shape is not None
        first, *others = row.connections or ("",)
        lines.append(print_row((f"{row.name} ({name})", str(row.shape), str(row.params), first)))
        lines += [print_row(("", "", "", connection)) for connection in others]
        rule = "_"
    lines += ["=" * 100, f"Total params: {totals.total:,}"]
    lines += [f"Trainable params: {totals.trainable:,}"]
    lines += [f"Non-trainable params: {totals.non_trainable:,}", "_" * 100]
    return "\n".join(lines) + "\n"


def collapsed(text: str) -> str:
    """The text with every run of blanks made one."""
    return "\n".join(" ".join(line.split()) for line in text.split("\n"))


@st.composite
def shapes(draw: st.DrawFn) -> tuple[int | None, ...]:
    """A shape with the batch axis that fits its column."""
    axes = draw(st.lists(st.none() | st.integers(1, 9999), min_size=0, max_size=4))
    while len(str((None, *axes))) > SHAPE_WIDTH:
        axes.pop()
    return (None, *axes)


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, Summary]:
    """A summary, and the text that Keras 1.2 would have printed of it, in columns or collapsed."""
    printed: list[tuple[str, Row]] = []
    for number in range(1, draw(st.integers(1, 8)) + 1):
        name = draw(st.sampled_from(PRINTABLE))
        instance = f"{name.lower()}_{number}"
        above = [row.name for _, row in printed] or [f"{name.lower()}_input_1"]
        # Shapes are drawn at random: where there is one source, some classes would contradict it.
        sources = draw(st.lists(st.sampled_from(above), min_size=2 if printed else 1, max_size=3))
        row = Row(
            layer=ALIASES.get(name, name),
            shape=draw(shapes()),
            params=draw(st.integers(0, 10**9)),
            name=instance,
            connections=tuple(f"{source}[0][0]" for source in sources),
        )
        printed.append((name, row))
    total = sum(row.params or 0 for _, row in printed)
    trainable = draw(st.integers(0, total))
    totals = Totals(total, trainable, total - trainable)
    text = print_summary(printed, totals)
    summary = Summary(tuple(row for _, row in printed), totals)
    return (collapsed(text) if draw(st.booleans()) else text), summary


def reading(text: str) -> Summary | None:
    """What is read, None where the reader refuses."""
    try:
        return read_summary(text)
    except SummaryError:
        return None


@given(tables())
def test_a_printed_table_reads_back(table: tuple[str, Summary]) -> None:
    """Whatever Keras 1.2 prints of rows that fit their columns is read as those rows."""
    text, summary = table

    assert summary == read_summary(text)


@given(tables(), st.data())
def test_a_lost_row_is_noticed(table: tuple[str, Summary], data: st.DataObject) -> None:
    """Without any one of its rows, header, rules or totals a table is refused or reads the same."""
    text, summary = table
    lines = text.split("\n")
    continued = [i for i, line in enumerate(lines) if re.fullmatch(r"\s*[^\s(]+\[\S*\s*", line)]
    lost = data.draw(st.sampled_from([i for i in range(len(lines)) if i not in continued]))
    del lines[lost]

    assert reading("\n".join(lines)) in (None, summary)


@given(tables(), st.data())
def test_a_changed_count_is_noticed(table: tuple[str, Summary], data: st.DataObject) -> None:
    """One other digit in a parameter count or a total, and the table is refused."""
    text, _ = table
    counts = re.compile(r"(?<=\)) +([0-9]+) |params: ([0-9,]+)")
    match = data.draw(st.sampled_from(list(counts.finditer(text))))
    start, end = match.span(1 if match[1] else 2)
    place = data.draw(st.sampled_from([i for i in range(start, end) if text[i] != ","]))
    digit = data.draw(st.sampled_from([d for d in "0123456789" if d != text[place]]))

    assert reading(text[:place] + digit + text[place + 1 :]) is None


@given(tables(), st.data())
def test_a_text_that_stops_early_is_noticed(
    table: tuple[str, Summary], data: st.DataObject
) -> None:
    """Wherever the text is broken off, it is refused, or nothing that counts was lost."""
    text, summary = table
    kept = data.draw(st.integers(0, len(text)))

    assert reading(text[:kept]) in (None, summary)


@given(tables(), st.data())
def test_damage_never_ends_in_another_error(
    table: tuple[str, Summary], data: st.DataObject
) -> None:
    """Any piece replaced by anything: refused, or read with rows that add up to the totals."""
    text, _ = table
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(start + 60, len(text))))
    piece = data.draw(st.text(max_size=60) | st.text("_=()[]0123456789, \nNone", max_size=60))
    summary = reading(text[:start] + piece + text[end:])

    if summary is not None:
        assert summary.totals.total == sum(row.params or 0 for row in summary.rows)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    """A text that is no summary is refused by a SummaryError."""
    assert reading(text) is None
