"""What is asked of `grader grade`, for tests that begin behind the command line."""

from __future__ import annotations

from pathlib import Path

from grader.cli.grading_plan import Request

# Of all sheets and parts, without a word in the terminal; tests replace what they are about.
ASKED = Request(
    paths=(),
    out=Path("out"),
    data=None,
    num_slots=1,
    sheets=(),
    parts=(),
    with_training=True,
    fresh=False,
    quiet=True,
)
