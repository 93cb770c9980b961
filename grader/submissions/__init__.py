"""Finding: what each student handed in, from folders, archives, Python files and notebooks."""

from grader.submissions.finding import Found, find_submissions
from grader.submissions.parts import source_at

__all__ = ["Found", "find_submissions", "source_at"]
