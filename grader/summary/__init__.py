"""Words: reads printed summaries, as text and without Keras."""

from grader.summary.lines import Told
from grader.summary.reading import read_summary, told_beside

__all__ = ["Told", "read_summary", "told_beside"]
