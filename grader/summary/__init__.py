"""Words: reads printed summaries, as text and without Keras."""

from grader.summary.reading import read_summary, row_places

__all__ = ["read_summary", "row_places"]
