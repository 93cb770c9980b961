"""Telling: Gradescope's results.json, one for each submission."""

from __future__ import annotations

import json

from grader import messages
from grader.export.entries import Entry, entries
from grader.export.numbers import plain
from grader.records import Grade, Json, Outcome
from grader.text import printable

# gradescope/autograder_samples, docs/specs.md: a status only where a test has one of these two.
_STATUSES = {Outcome.PASSED: "passed", Outcome.SKIPPED: None, Outcome.NOT_ATTEMPTED: "failed"}


def results(grade: Grade) -> str:
    """The results.json of a submission: a test for each check, and the total of the grade.

    The total is said as well as the tests: it counts, and points by hand and rounding are in it.
    """
    document: Json = {
        "score": plain(grade.score),
        "output": printable("\n".join([messages.verdict(grade, {}), *grade.notices])),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "tests": [_test(entry) for entry in entries(grade)],
        "extra_data": {"submission": printable(grade.submission)},
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def no_results(reason: messages.NoResult, advice: str) -> str:
    """The results.json of a submission that an autograder came to no result for: 0, and why."""
    document: Json = {
        "score": 0,
        "output": printable(messages.no_result_message(reason, advice)),
        "output_format": "text",
        "visibility": "visible",
        "tests": [],
        "extra_data": {"no_result": reason.value},
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _test(entry: Entry) -> Json:
    status = _STATUSES.get(entry.outcome, "failed")
    return {
        "name": printable(entry.name),
        "number": entry.number,
        "score": plain(entry.score),
        "max_score": plain(entry.max_score),
        **({"status": status} if status else {}),
        "output": entry.text,
        "visibility": "visible",
    }
