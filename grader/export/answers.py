"""Telling: a table of the students' answers, in which a spreadsheet can give points."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from grader.export.formulas import defused
from grader.export.numbers import points_text
from grader.records import Grade, Mark, Part, PartGrade, Run

COLUMNS = (
    "submission",
    "name",
    "part",
    "question",
    "answer",
    "points",
    "max_points",
    "comment",
    "version",
)


@dataclass(frozen=True)
class Answer:
    """A student's answer, given or not, which is worth `max_points`."""

    grade: Grade
    part: PartGrade
    question: str
    max_points: float

    @property
    def key(self) -> tuple[str, str]:
        """The submission and the part."""
        return self.grade.submission, self.part.part

    @property
    def mark(self) -> Mark | None:
        """The mark that it has; None where that was given to another answer, or out of others."""
        mark = self.part.mark
        is_of_this = mark is not None and (mark.answer, mark.max_points) == (
            self.part.answer,
            self.max_points,
        )
        return mark if is_of_this else None

    @property
    def is_stale(self) -> bool:
        """Whether it has points that were given to something else."""
        return self.part.mark != self.mark

    @property
    def version(self) -> str:
        """Letters that are others for another answer, or one that is worth something else.

        Letters alone, since a spreadsheet may take digits for a number or a date.
        """
        pieces = (*self.key, self.part.answer, f"{self.max_points:g}")
        digest = hashlib.sha256("\0".join(pieces).encode("utf-8", "replace")).digest()
        return "".join(chr(ord("a") + byte % 26) for byte in digest[:10])


def answers_of(run: Run, parts: Mapping[str, Part]) -> Iterator[Answer]:
    """All answers that can get points, by submission, then part."""
    for grade in run.grades:
        for graded in grade.parts:
            part = parts.get(graded.part)
            if part is not None and part.answer_points is not None:
                yield Answer(grade, graded, part.question, part.answer_points)


def answers_table(run: Run, parts: Mapping[str, Part]) -> str:
    """The table as text; points and comments are those given so far to these answers.

    No spreadsheet runs a cell of it as a formula.
    """
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(COLUMNS)
    for answer in answers_of(run, parts):
        mark = answer.mark
        writer.writerow(
            [
                defused(answer.grade.submission),
                defused(answer.grade.student.name),
                answer.part.part,
                defused(answer.question),
                defused(answer.part.answer),
                "" if mark is None else points_text(mark.points),
                points_text(answer.max_points),
                "" if mark is None else defused(mark.comment),
                answer.version,
            ]
        )
    return written.getvalue()
