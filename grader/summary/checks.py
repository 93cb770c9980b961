"""What must hold within a table, whatever its layout: names, connections and sums."""

from __future__ import annotations

import re
from bisect import bisect_left

from grader.summary.chains import check_chain
from grader.summary.classes import NETWORKS
from grader.summary.lines import PrintedRow, Table, misread, shown

# Keras before 2 leaves the input of a Sequential out of the table: dense_input_1 for dense_1.
_UNLISTED_INPUT = re.compile(r".*_input(_[0-9]+)?")


def check_table(table: Table) -> None:
    """Raise SummaryError where rows and totals of `table` contradict each other."""
    if not table.rows:
        raise misread(table.totals_place, "at least one row above the totals")
    _check_names(table.rows)
    if table.has_connections:
        _check_connections(table.rows)
    _check_sum(table)
    check_chain(table)


def _check_names(rows: tuple[PrintedRow, ...]) -> None:
    """Names within nested networks may come again, and so may the beginnings of cut ones."""
    first_lines: dict[str, int] = {}
    for printed in rows:
        name = printed.row.name
        if printed.cut or printed.row.depth:
            continue
        if name in first_lines:
            raise misread(
                printed.label,
                f"a layer name of its own: line {first_lines[name]} has {shown(name)} too",
            )
        first_lines[name] = printed.label.number


def _check_connections(rows: tuple[PrintedRow, ...]) -> None:
    names = sorted({printed.row.name for printed in rows})
    cut_names = tuple({printed.row.name for printed in rows if printed.cut})
    for printed in rows:
        if not printed.row.connections and not printed.row.depth and _takes_input(printed):
            raise misread(
                printed.label, "behind the parameter count what the layer is connected to"
            )
        for connection in printed.row.connections:
            source, bracket, _ = connection.partition("[")
            # The first that does not stand before it: the name itself, or one that begins so.
            near = names[min(bisect_left(names, source), len(names) - 1)]
            known = source == near or _UNLISTED_INPUT.fullmatch(source) is not None
            # Without a bracket the column ended within the name.
            cut = not bracket and near.startswith(source)
            if not (known or cut or source.startswith(cut_names)):
                raise misread(
                    printed.label,
                    f"a connection to a layer of the table; {shown(source)} has no row",
                )


def _takes_input(printed: PrintedRow) -> bool:
    return printed.row.layer != "InputLayer"


def _check_sum(table: Table) -> None:
    """Rows of nested networks count in the row of their network."""
    rows = [printed.row for printed in table.rows if printed.row.depth == 0]
    summed = sum(row.params or 0 for row in rows)
    over = summed - (table.totals.total or 0)
    # A layer that stands in the table and in a network of the table is counted once.
    may_share = sum(row.params or 0 for row in rows if row.layer in NETWORKS)
    if over == 0 or (table.has_connections and 0 < over <= may_share):
        return
    raise misread(
        table.totals_place,
        f"the sum of the rows, {summed:,}: a row is missing, or one of the counts is wrong",
    )
