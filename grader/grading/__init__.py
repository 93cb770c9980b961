"""Grade: checks in their order, points, and the steps that lead to them, for one submission."""

from grader.grading.checks import Evidence, grade_part, wants_training
from grader.grading.describing import describe
from grader.grading.examining import examine, examined, troubled
from grader.grading.fitting import require_fitting
from grader.grading.solutions import Solution, describe_solution
from grader.grading.submission import grade_submission

__all__ = [
    "Evidence",
    "Solution",
    "describe",
    "describe_solution",
    "examine",
    "examined",
    "grade_part",
    "grade_submission",
    "require_fitting",
    "troubled",
    "wants_training",
]
