"""Telling: the result of a runner, as GitHub Classroom's grading reporter reads it."""

from __future__ import annotations

import base64
import json

from grader.export.entries import Entry, entries
from grader.export.numbers import plain
from grader.records import Grade, Json, Outcome
from grader.text import printable

# classroom-resources/autograding-python-grader, runner/data.py: version 3, output to 500 characters
_VERSION = 3
_LONGEST_OUTPUT = 500


def runner_result(grade: Grade) -> str:
    """The runner's result as JSON on one line; `tests` is there even where nothing was checked.

    The reporter adds up the points of the tests, so that each has those of its check.
    """
    troubled = any(part.outcome is Outcome.GRADER_ERROR for part in grade.parts)
    passed = all(part.outcome is Outcome.PASSED for part in grade.parts)
    document: dict[str, Json] = {
        "version": _VERSION,
        "status": "error" if troubled else "pass" if passed else "fail",
        "max_score": plain(grade.max_score),
        "tests": [] if troubled else [_test(entry) for entry in entries(grade)],
    }
    if troubled:
        document["message"] = "The grader itself failed here: this is not the student's fault."
    return json.dumps(document, separators=(",", ":"))


def output_line(grade: Grade) -> str:
    """The line that a step of a workflow appends to $GITHUB_OUTPUT: `result=` and base64."""
    encoded = base64.b64encode(runner_result(grade).encode("ascii")).decode("ascii")
    return f"result={encoded}\n"


def _test(entry: Entry) -> Json:
    return {
        "name": printable(entry.name),
        "status": "pass" if entry.outcome is Outcome.PASSED else "fail",
        "message": entry.text[:_LONGEST_OUTPUT],
        "test_code": "",
        "task_id": 0,
        "filename": "",
        "line_no": 0,
        "duration": 0,
        "score": plain(entry.score),
    }
