"""Telling, the other way round: the points that were given in the table of answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grader.errors import UsageError
from grader.export.answers import Answer, answers_of
from grader.export.formulas import restored, writable
from grader.export.numbers import points_text, read_number
from grader.export.splicing import Table, read_table
from grader.messages.words import count, near
from grader.records import Mark, Part, Run
from grader.text import printable_name

# In place of points: the answer has none again.
NO_POINTS = "-"
_NEEDED = ("submission", "part", "points", "comment", "version")
_MOST_FAULTS = 20


@dataclass(frozen=True)
class Marks:
    """What a table says: for submissions and parts a mark, or None where it is taken away.

    `num_open` are the rows without points, which change nothing.
    """

    marks: Mapping[tuple[str, str], Mark | None]
    num_open: int


def read_marks(content: bytes, source: str, run: Run, parts: Mapping[str, Part]) -> Marks:
    """The marks in the bytes of a table of answers, which errors call `source`.

    Raises UsageError with all that keeps it from being taken, by the row's number, where the
    header is row 1.
    """
    table = read_table(content, source)
    header = [table.cell(0, column).casefold() for column in range(len(table.rows[0]))]
    missing = [name for name in _NEEDED if name not in header]
    if missing:
        raise UsageError(
            f"{source} has no column {', '.join(missing)}. Expected: the table of `grader answers "
            "OUT --export CSV`, with all its columns and their names in the first line."
        )
    columns = {name: header.index(name) for name in _NEEDED}
    return _Reading(run, parts, table, columns).marks(source)


class _Fault(Exception):  # noqa: N818 - as elsewhere, a fault is what somebody can mend
    """Why a row cannot be taken."""


class _Reading:
    """The rows of a table, beside the answers as they are now."""

    def __init__(
        self, run: Run, parts: Mapping[str, Part], table: Table, columns: Mapping[str, int]
    ) -> None:
        self._answers = {answer.key: answer for answer in answers_of(run, parts)}
        self._submissions = {grade.submission for grade in run.grades}
        self._table = table
        self._columns = columns

    def marks(self, source: str) -> Marks:
        found: dict[tuple[str, str], Mark | None] = {}
        first: dict[tuple[str, str], int] = {}
        faults, num_open = [], 0
        for row in range(1, len(self._table.rows)):
            if not any(self._cell(row, name) for name in self._columns):
                continue
            try:
                answer = self._answer(row)
                _require_new(first.setdefault(answer.key, row), row)
                if self._cell(row, "points") or self._cell(row, "comment"):
                    found[answer.key] = self._mark(row, answer)
                else:
                    num_open += 1
            except _Fault as fault:
                faults.append(f"  row {row + 1}: {self._who(row)} {fault}.")
        if faults:
            raise _refused(source, faults)
        return Marks(found, num_open)

    def _answer(self, row: int) -> Answer:
        """The answer that a row is about."""
        submission, part = restored(self._cell(row, "submission")), self._cell(row, "part")
        answer = self._answers.get((submission, part))
        if answer is not None:
            return answer
        if submission not in self._submissions:
            like = near(submission, self._submissions)
            raise _Fault(f"is no submission{f' ({like} is one)' if like else ''}")
        known = [key[1] for key in self._answers if key[0] == submission]
        raise _Fault(f"is no part whose answer gets points; those are {', '.join(known) or 'none'}")

    def _mark(self, row: int, answer: Answer) -> Mark | None:
        """The mark that a row gives; None where it takes it away."""
        text, comment = self._cell(row, "points"), self._cell(row, "comment")
        if text == NO_POINTS:
            return None
        points = read_number(text)
        if not text:
            raise _Fault("has a comment and no points; write points, or delete the comment")
        if points is None:
            raise _Fault(f"has {printable_name(text)!r} for points, expected a number such as 0.5")
        if not 0 <= points <= answer.max_points:
            raise _Fault(
                f"has {printable_name(text)} points, expected 0 to {points_text(answer.max_points)}"
            )
        if self._cell(row, "version") != answer.version:
            raise _Fault(
                "has another answer now, or one that is worth something else, than when the table "
                "was exported; export it anew, and read this answer once more"
            )
        return Mark(
            points=round(points, 2),
            max_points=answer.max_points,
            # Stripped once more: a blank may have stood behind what cannot be written.
            comment=writable(restored(comment)).replace("\r\n", "\n").strip(),
            answer=answer.part.answer,
        )

    def _who(self, row: int) -> str:
        submission, part = self._cell(row, "submission"), self._cell(row, "part")
        return f"{printable_name(submission) or 'nobody'}, {printable_name(part) or 'no part'}"

    def _cell(self, row: int, name: str) -> str:
        return self._table.cell(row, self._columns[name])


def _require_new(first: int, row: int) -> None:
    if first != row:
        raise _Fault(f"is there already, in row {first + 1}")


def _refused(source: str, faults: list[str]) -> UsageError:
    more = len(faults) - _MOST_FAULTS
    listed = faults[:_MOST_FAULTS] + ([f"  and {count(more, 'row')} more"] if more > 0 else [])
    return UsageError(
        "\n".join([f"{source} was not imported, and no points have changed:", *listed])
    )
