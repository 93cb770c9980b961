"""The grade of a submission from those of its parts."""

from __future__ import annotations

from dataclasses import replace

from grader.grading import Evidence, grade_part, grade_submission
from grader.records import HandIn, Notice, Part, Student, Submission, System


def test_points_of_the_parts_add_up(part: Part, right: Evidence) -> None:
    """Score and maximum are the sums over the parts, also where a threshold is missing."""
    parts = [grade_part(part, right, "d" * 64), grade_part(part, right, "another data set")]

    grade = grade_submission(Submission("doe_jane", Student("Doe, Jane"), {}), parts)

    assert (7.0, 7.0) == (grade.score, grade.max_score)
    assert tuple(parts) == grade.parts


def test_sums_are_rounded_to_cents(part: Part, right: Evidence) -> None:
    """Points of a tenth add up to what a person would write."""
    tenth = replace(grade_part(part, right, ""), score=0.1, max_score=0.1)

    grade = grade_submission(Submission("doe_jane", Student("Doe, Jane"), {}), [tenth] * 3)

    assert (0.3, 0.3) == (grade.score, grade.max_score)


def test_parts_have_the_time_of_their_hand_in(part: Part, right: Evidence) -> None:
    """A part from an earlier hand-in keeps that one's time, all others have the submission's."""
    first, second = (replace(grade_part(part, right, ""), part=name) for name in ("fc_a", "cnn_a"))
    times = {"fc_a": "2026-03-01T12:00:00Z"}
    submission = Submission(
        "ada", Student("Ada"), {}, submitted_at="2026-03-14T12:00:00Z", times=times
    )

    grade = grade_submission(submission, [first, second])

    assert ["2026-03-01T12:00:00Z", "2026-03-14T12:00:00Z"] == [
        one.submitted_at for one in grade.parts
    ]


def _many(most: int) -> Notice:
    return Notice("candidates", {"part": "fc_a", "most": most})


def test_facts_of_the_submission_are_handed_on() -> None:
    """Id, student, attempt, date, origin and page stand in the grade, and notices of both steps."""
    student = Student("Doe, Jane", "s1", "jane@example.org")
    hand_in = HandIn(System.CANVAS, "doejane_LATE_12345", late=True)
    submission = Submission(
        "doe_jane", student, {}, (_many(3),), 2, "2024-05-01T10:00:00Z", hand_in
    )

    grade = grade_submission(submission, [], [_many(4)])

    assert ("doe_jane", student) == (grade.submission, grade.student)
    assert (2, "2024-05-01T10:00:00Z") == (grade.attempt, grade.submitted_at)
    assert hand_in == grade.hand_in
    assert [
        "fc_a: only the first 3 of its files were looked at.",
        "fc_a: only the first 4 of its files were looked at.",
    ] == list(grade.notices)
    assert "students/doe_jane/index.html" == grade.report
