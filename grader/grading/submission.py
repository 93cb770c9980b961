"""Grade, last step: the grade of a submission from those of its parts; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from grader import messages
from grader.records import Grade, Notice, PartGrade, Submission


def grade_submission(
    submission: Submission, part_grades: Sequence[PartGrade], notices: Sequence[Notice] = ()
) -> Grade:
    """All parts with their sum of points; `notices` are added to the submission's own."""
    return Grade(
        submission=submission.id,
        student=submission.student,
        score=round(sum(part.score for part in part_grades), 2),
        max_score=round(sum(part.max_score for part in part_grades), 2),
        parts=tuple(
            replace(part, submitted_at=submission.times.get(part.part, submission.submitted_at))
            for part in part_grades
        ),
        report=f"students/{submission.id}/index.html",
        notices=messages.notice_messages([*submission.notices, *notices]),
        attempt=submission.attempt,
        submitted_at=submission.submitted_at,
        hand_in=submission.hand_in,
    )
