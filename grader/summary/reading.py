"""Reads a printed summary: recognises its format, lets that format read it, checks what was read.

A further format is a module with `recognises` and `read_table`, named in `_FORMATS`.
"""

from __future__ import annotations

from grader.records import Summary
from grader.summary import keras_1_2
from grader.summary.checks import check_table
from grader.summary.lines import ended, lines_of, misread

_FORMATS = (keras_1_2,)
_NO_FORMAT = (
    "the summary of a Keras 1.2 model, with the header line "
    "'Layer (type) Output Shape Param # Connected to'"
)


def read_summary(text: str) -> Summary:
    """Rows (shapes with the batch axis, classes under today's names) and totals of a summary.

    Raises SummaryError with the number and text of the line that is not understood and what was
    expected there, also where the rows do not add up to the totals.
    """
    lines = lines_of(text)
    for summary_format in _FORMATS:
        if summary_format.recognises(lines):
            table = summary_format.read_table(lines)
            check_table(table)
            return Summary(tuple(printed.row for printed in table.rows), table.totals)
    raise misread(lines[0], _NO_FORMAT) if lines else ended(lines, _NO_FORMAT)
