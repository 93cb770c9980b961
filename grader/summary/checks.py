"""What must hold within a table, whatever its format: names, connections and sums."""

from __future__ import annotations

import re
from bisect import bisect_left

from grader.summary.lines import PrintedRow, Table, misread, shown

# Keras before 2 leaves the input of a Sequential out of the table: dense_input_1 for dense_1.
_UNLISTED_INPUT = re.compile(r".*_input(_[0-9]+)?")


def check_table(table: Table) -> None:
    """Raise SummaryError where rows and totals of `table` contradict each other."""
    if not table.rows:
        raise misread(table.totals_line, "at least one row above the totals")
    _check_names(table.rows)
    _check_connections(table.rows)
    _check_totals(table)


def _check_names(rows: tuple[PrintedRow, ...]) -> None:
    first_lines: dict[str, int] = {}
    for printed in rows:
        name = printed.row.name
        if name in first_lines:
            raise misread(
                printed.line,
                f"a layer name of its own: line {first_lines[name]} has {shown(name)} too",
            )
        first_lines[name] = printed.line.number


def _check_connections(rows: tuple[PrintedRow, ...]) -> None:
    names = sorted({printed.row.name for printed in rows})
    for printed in rows:
        for connection in printed.row.connections:
            source, bracket, _ = connection.partition("[")
            # The first that does not stand before it: the name itself, or one that begins so.
            near = names[min(bisect_left(names, source), len(names) - 1)]
            known = source == near or _UNLISTED_INPUT.fullmatch(source) is not None
            # Without a bracket the column ended within the name.
            cut = not bracket and near.startswith(source)
            if not (known or cut):
                raise misread(
                    printed.line,
                    f"a connection to a layer of the table; {shown(source)} has no row",
                )


def _check_totals(table: Table) -> None:
    totals = table.totals
    counts = [printed.row.params for printed in table.rows]
    summed = sum(count for count in counts if count is not None)
    if summed != totals.total:
        raise misread(
            table.totals_line,
            f"the sum of the rows, {summed:,}: a row is missing, or one of the counts is wrong",
        )
    if totals.trainable is None or totals.non_trainable is None:
        return
    if totals.trainable + totals.non_trainable != totals.total:
        both = totals.trainable + totals.non_trainable
        raise misread(
            table.totals_line,
            f"{totals.trainable:,} trainable + {totals.non_trainable:,} non-trainable = {both:,}",
        )
