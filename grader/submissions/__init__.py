"""Finding: what each student handed in, from folders, archives, Python files and notebooks."""

from grader.submissions.batches import EXPECTED
from grader.submissions.candidates import same_text
from grader.submissions.finding import Found, find_submissions, read_folder
from grader.submissions.kinds import ACCEPTED
from grader.submissions.notebooks import SHARED, Cell, marked_parts, marker_of
from grader.submissions.parts import source_at, source_in
from grader.submissions.trees import MAX_DEPTH

__all__ = [
    "ACCEPTED",
    "EXPECTED",
    "MAX_DEPTH",
    "SHARED",
    "Cell",
    "Found",
    "find_submissions",
    "marked_parts",
    "marker_of",
    "read_folder",
    "same_text",
    "source_at",
    "source_in",
]
