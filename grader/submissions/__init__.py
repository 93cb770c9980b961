"""Finding: what each student handed in, from folders, archives, Python files and notebooks."""

from grader.submissions.finding import Found, find_submissions

__all__ = ["Found", "find_submissions"]
