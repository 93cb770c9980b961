"""Words: reads printed summaries, as text and without Keras."""

from grader.summary.reading import read_summary

__all__ = ["read_summary"]
