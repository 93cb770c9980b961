"""Settles what a column cut by what stands in other rows: classes and counts of parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

from grader.records import Shape
from grader.summary.fields import unclear_class, unclear_count
from grader.summary.lines import PrintedRow

_AXES = re.compile(r"(?P<axes>[123])D(Transpose)?$")
_MOST_CUT = 10


def with_classes(rows: Sequence[PrintedRow], *, chained: bool) -> tuple[PrintedRow, ...]:
    """The rows, their cut classes chosen by the shape that goes in, where that leaves one alone.

    `chained`: a row without connections takes what the row above gives. Raises SummaryError where
    several are left.
    """
    shapes = {printed.row.name: printed.row.shape for printed in rows}
    settled = []
    for index, printed in enumerate(rows):
        if printed.classes:
            sources = printed.row.sources
            before = rows[index - 1].row.shape if index and chained else None
            source = shapes.get(sources[0]) if sources else before
            fitting = [name for name in printed.classes if _takes(name, source)]
            if len(fitting) != 1:
                raise unclear_class(printed.label, printed.classes)
            printed = replace(  # noqa: PLW2901
                printed, row=replace(printed.row, layer=fitting[0]), classes=()
            )
        settled.append(printed)
    return tuple(settled)


def _takes(name: str, shape: Shape | None) -> bool:
    match = _AXES.search(name)
    return match is not None and shape is not None and int(match["axes"]) + 2 == len(shape)


def with_counts(rows: Sequence[PrintedRow], total: int | None) -> tuple[PrintedRow, ...]:
    """The rows, their cut counts worked out: of a Dense from its sizes, of one row from the total.

    Raises SummaryError where not just one choice of counts begins as was printed and adds up.
    """
    cut = [i for i, one in enumerate(rows) if one.count_begins and not one.row.depth]
    inner = next((one for one in rows if one.count_begins and one.row.depth), None)
    if inner is not None:
        raise unclear_count(inner)
    if not cut:
        return tuple(rows)
    whole = sum(one.row.params or 0 for one in rows if not one.row.depth)
    found = list(_adding_up(rows, cut, (total or 0) - whole))
    if len(found) != 1:
        raise unclear_count(rows[cut[0]])
    counts = dict(zip(cut, found[0], strict=True))
    return tuple(
        replace(one, row=replace(one.row, params=counts.get(index, one.row.params)))
        for index, one in enumerate(rows)
    )


def _adding_up(rows: Sequence[PrintedRow], cut: Sequence[int], due: int) -> Iterator[list[int]]:
    """Counts of the cut rows that add up; one of them may be what the others leave over."""
    choices = [[n for n in _dense_counts(rows, i) if _begins(n, rows[i])] for i in cut]
    unknown = [at for at, choice in enumerate(choices) if not choice]
    if len(unknown) > 1 or len(cut) > _MOST_CUT:
        return
    for chosen in product(*(choice or [0] for choice in choices)):
        counts, rest = list(chosen), due - sum(chosen)
        if unknown and _begins(rest, rows[cut[unknown[0]]]):
            counts[unknown[0]] = rest
            yield counts
        elif not unknown and rest == 0:
            yield counts


def _begins(count: int, printed: PrintedRow) -> bool:
    return count > 0 and str(count).startswith(printed.count_begins)


def _dense_counts(rows: Sequence[PrintedRow], index: int) -> Iterator[int]:
    """Weights of a Dense, with a bias for each unit and without."""
    row = rows[index].row
    if row.layer != "Dense" or not row.shape:
        return
    names = row.sources[:1]
    above = [one.row for one in rows[:index] if one.row.depth == row.depth]
    fed = [one for one in above if one.name in names] if names else above[-1:]
    size = fed[-1].shape[-1] if fed and fed[-1].shape else None
    units = row.shape[-1]
    if size is not None and units is not None:
        yield from ((size + 1) * units, size * units)
