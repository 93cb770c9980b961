"""Compare: a submitted network beside the reference, row by row, and the causes of what differs."""

from grader.compare.comparison import compare

__all__ = ["compare"]
