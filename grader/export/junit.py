"""Telling: JUnit XML, as GitLab and other programs read it."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from grader import messages
from grader.errors import UsageError
from grader.export.entries import Entry, entries
from grader.export.numbers import plain
from grader.records import Grade, Outcome, Run
from grader.text import printable_line

# docs.gitlab.com/ci/testing/unit_test_reports: a file is smaller than 30 MB
_MOST_BYTES = 30_000_000 - 1
_LONGEST_TEXT = 4000
_NOT_IN_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ELEMENTS = {
    Outcome.SKIPPED: "skipped",
    Outcome.NOT_ATTEMPTED: "skipped",
    Outcome.GRADER_ERROR: "error",
}


def junit(run: Run) -> bytes:
    """The run as a file of JUnit XML: a suite per submission, a case per check or other points.

    A check that failed is a `failure`; an `error` is the grader's own. The points of a suite's
    cases add up to its own. Raises UsageError where the file would be larger than GitLab takes.
    """
    suites = ET.Element("testsuites", name="8 faces grader")
    for grade in run.grades:
        suites.append(_suite(grade))
    _count(suites, suites)
    ET.indent(suites, " ")
    written: bytes = ET.tostring(suites, encoding="utf-8", xml_declaration=True)
    if len(written) > _MOST_BYTES:
        raise UsageError(
            f"The JUnit file would have {len(written):,} bytes, and GitLab takes files up to "
            "30 MB. Grade fewer submissions in one folder."
        )
    return written + b"\n"


def _suite(grade: Grade) -> ET.Element:
    suite = ET.Element("testsuite", name=_line(grade.student.name))
    suite.append(_points(grade.score, grade.max_score))
    suite.extend(_case(grade, entry) for entry in entries(grade))
    _count(suite, suite)
    return suite


def _case(grade: Grade, entry: Entry) -> ET.Element:
    """A case; of two with one class name and name GitLab would keep the first alone."""
    case = ET.Element(
        "testcase",
        classname=_line(".".join(filter(None, (grade.submission, entry.part)))),
        name=_line(entry.name),
        time=f"{entry.seconds:.3f}",
    )
    case.append(_points(entry.score, entry.max_score))
    if entry.outcome is not Outcome.PASSED:
        # GitLab shows the text, and would show an element with attributes alone as raw data
        detail = ET.SubElement(case, _ELEMENTS.get(entry.outcome, "failure"))
        detail.text = _text(entry)
    return case


def _points(score: float, max_score: float) -> ET.Element:
    properties = ET.Element("properties")
    for name, value in (("score", score), ("max_score", max_score)):
        ET.SubElement(properties, "property", name=name, value=f"{plain(value)}")
    return properties


def _text(entry: Entry) -> str:
    text = _NOT_IN_XML.sub("", entry.text).strip() or messages.outcome_word(entry.outcome)
    cut = len(text) - _LONGEST_TEXT
    return text if cut <= 0 else f"{text[:_LONGEST_TEXT]}\n[cut: {cut:,} more characters]"


def _line(text: str) -> str:
    return _NOT_IN_XML.sub("", printable_line(text))


def _count(element: ET.Element, within: ET.Element) -> None:
    """Write how many cases there are in an element, and how many of them of each kind."""
    cases = list(within.iter("testcase"))
    element.set("tests", str(len(cases)))
    for attribute, kind in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        element.set(attribute, str(sum(case.find(kind) is not None for case in cases)))
    element.set("time", f"{sum(float(case.get('time', '0')) for case in cases):.3f}")
