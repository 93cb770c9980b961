"""Reads a printed summary: finds the table, has its layout part it into cells, checks the rows."""

from __future__ import annotations

from dataclasses import replace

from grader.records import Summary
from grader.summary import columns, grids
from grader.summary.carrier import lines_of
from grader.summary.chains import is_chained
from grader.summary.checks import check_table
from grader.summary.connections import with_whole_connections
from grader.summary.excerpts import BARS, find_table
from grader.summary.lines import Table, Told
from grader.summary.masks import without_masks
from grader.summary.pytorch import refuse_pytorch
from grader.summary.rows import read_row, without_batch_size
from grader.summary.settling import with_classes, with_counts
from grader.summary.totals import read_totals


def read_summary(text: str) -> Summary:
    """Rows (shapes with the batch axis, classes under today's names) and totals of a summary.

    Every layout of Keras 1 to 3 is read, also out of Markdown, HTML or a terminal's output. Raises
    SummaryError with line, column and text of what is not understood and what was expected there,
    also where rows contradict each other or do not add up to the totals.
    """
    table = _read_table(text)
    return Summary(tuple(row.row for row in table.rows), table.totals)


def told_beside(text: str) -> Told:
    """What the summary says of its layers beside the rows.

    Raises SummaryError as `read_summary` does.
    """
    table = _read_table(text)
    return Told(
        places=tuple((row.label.number, row.label.column) for row in table.rows),
        masking=table.masking,
        frozen=frozenset(row.row.name for row in table.rows if row.frozen),
    )


def _read_table(text: str) -> Table:
    lines = lines_of(text)
    refuse_pytorch(lines)
    excerpt = find_table(lines)
    layout = grids if any(bar in excerpt.header.text for bar in BARS) else columns
    printed = [read_row(cells) for cells in layout.read_cells(excerpt)]
    totals, place = read_totals(excerpt.below)
    whole = with_whole_connections(without_batch_size(printed))
    rows = with_counts(with_classes(whole, chained=is_chained(whole, excerpt.model)), totals.total)
    has_connections = any(row.row.connections for row in rows)
    table = Table(rows, totals, place, has_connections, excerpt.model)
    check_table(table)
    kept, masking = without_masks(rows)
    return replace(table, rows=kept, masking=masking)
