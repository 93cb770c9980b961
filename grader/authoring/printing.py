"""Authoring, step 6: tables as text: for the reader of summaries, and for a student's stub."""

from __future__ import annotations

from collections.abc import Sequence

from grader.authoring.solving import Plan, Solved
from grader.records import Row, Shape, Summary

_RULE = "_" * 98
_DOUBLE = "=" * 98


def summary_text(summary: Summary) -> str:
    """The summary as Keras 2 prints one, its columns as wide as they have to be."""
    connected = any(row.connections for row in summary.rows)
    rows = [_cells(row) for row in summary.rows]
    header = ("Layer (type)", "Output Shape", "Param #", "Connected to" if connected else "")
    widths = [max(len(row[column]) for row in (header, *rows)) + 4 for column in range(3)]
    lines = [_line(row, widths) for row in rows]
    totals = summary.totals
    counts = (
        ("Total params", totals.total),
        ("Trainable params", totals.trainable),
        ("Non-trainable params", totals.non_trainable),
    )
    told = [f"{name}: {count:,}" for name, count in counts if count is not None]
    body = f"\n{_RULE}\n".join(lines)
    return "\n".join((_RULE, _line(header, widths), _DOUBLE, body, _DOUBLE, *told, _RULE, ""))


def _cells(row: Row) -> tuple[str, str, str, str]:
    shape = ", ".join(str(size) for size in row.shape or ())
    closed = f"({shape},)" if len(row.shape or ()) == 1 else f"({shape})"
    return f"{row.name} ({row.layer})", closed, str(row.params), ", ".join(row.connections)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [cell.ljust(width) for cell, width in zip(cells, widths, strict=False)]
    return "".join((*padded, cells[3])).rstrip()


def student_table(plan: Plan) -> str:
    """The rows with their numbers, and the totals; where it branches also what feeds each row."""
    rows = plan.summary.rows
    # An input without a row of its own stands before the others.
    unlisted = len({one.identity for one in plan.steps}) - len(rows)
    number = {one.identity: place - unlisted + 1 for place, one in enumerate(_first_uses(plan))}
    shown = [one for one in _first_uses(plan) if number[one.identity] > 0]
    feeds = [_feeds(plan, one.identity, number) for one in shown]
    branches = [",".join(map(str, feed)) for feed in feeds]
    chain = [str(place) for place in range(len(shown))]
    cells = [
        (str(place), one.step.row.layer, axes_text(row.shape), f"{row.params or 0:,}", feed)
        for place, (one, row, feed) in enumerate(zip(shown, rows, branches, strict=True), start=1)
    ]
    header = ("", "layer", "output shape", "parameters", "takes row")
    if branches == chain:
        cells = [(*row[:4], "") for row in cells]
        header = (*header[:4], "")
    widths = [max(len(row[column]) for row in (header, *cells)) for column in range(5)]
    lines = [_student_line(row, widths) for row in (header, *cells)]
    totals = plan.summary.totals
    first = sum(widths[:3]) + 10
    counts = (
        ("all parameters", totals.total),
        ("trainable", totals.trainable),
        ("non-trainable", totals.non_trainable),
    )
    told = [
        f"    {'':{widths[0]}}   {name:{first - widths[0] - 7}}{count:>{widths[3]},}"
        for name, count in counts
        if count is not None
    ]
    return "\n".join((*lines, "", *told))


def _first_uses(plan: Plan) -> list[Solved]:
    return [one for index, one in enumerate(plan.steps) if one.identity == index]


def _feeds(plan: Plan, identity: int, number: dict[int, int]) -> list[int]:
    """Numbers of the rows that feed any use of the layer; 0 for an input without a row."""
    uses = [one for one in plan.steps if one.identity == identity]
    return [max(number[plan.steps[i].identity], 0) for one in uses for i in one.inputs]


def _student_line(row: Sequence[str], widths: Sequence[int]) -> str:
    number, layer, shape, params, feed = row
    line = (
        f"    {number:>{widths[0]}}   {layer:{widths[1]}}   {shape:{widths[2]}}   "
        f"{params:>{widths[3]}}"
    )
    return f"{line}   {feed}".rstrip()


def axes_text(shape: Shape | None) -> str:
    """The sizes without the batch axis: 48 x 48 x 32."""
    return " x ".join("any" if size is None else str(size) for size in (shape or ())[1:])
