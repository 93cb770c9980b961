"""Formats of ours alone: each against a golden file, and by the rules of those who read them."""

from __future__ import annotations

import base64
import csv
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import junitparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.errors import UsageError
from grader.export import junit as junit_module
from grader.export.classroom import output_line, runner_result
from grader.export.csv_table import csv_table
from grader.export.gradescope import results
from grader.export.junit import junit
from grader.export.packing import zipped
from grader.export.results_json import results_text
from grader.export.scaling import scaled
from grader.messages import feedback_lines
from grader.records import Adjustment, Deduction, Grade, Mark, Run, Student
from tests.export.made import FAILED, NOT_ATTEMPTED, PASSED, TROUBLED, grade_of, run_of

Compare = Callable[[str, bytes], None]
texts = st.text(st.characters(), max_size=12)
hostile = texts | st.sampled_from(
    ["=1+1", "]]>", "<b>", "\x00\x1b[31m", "\ufffe", "\udcff", "שלום"]
)


@pytest.fixture
def corrected() -> Grade:
    """A grade with half a point taken by hand."""
    grade = grade_of("Bo Roe", FAILED, NOT_ATTEMPTED, submission="bo", by_hand=-0.5)
    return replace(grade, adjustments=(Adjustment("cnn_a", -0.5, "late", "2026-01-01"),))


def test_golden_files(small_class: Run, corrected: Grade, golden: Compare) -> None:
    """CSV, JUnit, Gradescope's and Classroom's files are as a reader has found them right."""
    golden("class.csv", csv_table(small_class).encode("utf-8-sig"))
    golden("class.xml", junit(small_class))
    golden("gradescope.json", results(corrected).encode())
    golden("classroom.json", runner_result(corrected).encode())


def test_gradescope_adds_up(corrected: Grade) -> None:
    """The tests' points are the total's, those by hand included, and the maximum is the sheet's."""
    document = json.loads(results(corrected))

    assert 0.5 == document["score"] == sum(test["score"] for test in document["tests"])
    assert 8 == sum(test["max_score"] for test in document["tests"])
    by_hand = document["tests"][-1]
    assert ("Points by hand", -0.5, 0) == (by_hand["name"], by_hand["score"], by_hand["max_score"])
    assert "late" in by_hand["output"]


def test_marks_and_deductions_are_in_every_format() -> None:
    """The total has them, and in formats that list single results they add up to it."""
    part = replace(PASSED, score=5.0, max_score=6.0, mark=Mark(1.0, 2.0, "Why?", ""))
    late = Deduction("faces_cnn", -0.6, "Handed in late.", "2026-03-02")
    grade = replace(grade_of("Ada", part), score=4.4, max_score=6.0, late=(late,))
    document = json.loads(results(grade))
    tests = {test["name"]: test for test in document["tests"]}
    (row,) = csv.DictReader(io.StringIO(csv_table(run_of(grade))))
    written = json.loads(results_text(run_of(grade)))["submissions"][0]

    assert 4.4 == document["score"] == round(sum(test["score"] for test in tests.values()), 4)
    assert 6 == sum(test["max_score"] for test in tests.values())
    answer = tests["cnn_a: The answer to the question"]
    assert (1, 2, "1 of 2 points. Why?") == (answer["score"], answer["max_score"], answer["output"])
    assert "faces_cnn: 0.6 points less. Handed in late." == tests["Handed in late"]["output"]
    assert "Points by hand" not in tests
    points, maximum, _ = reporter(output_line(grade))
    assert (4.4, 6) == (round(points, 4), maximum)
    assert ("4.4", "-0.6", "0", "1") == (
        row["score"],
        row["late"],
        row["by_hand"],
        row["cnn_a answer"],
    )
    [suite] = junitparser.JUnitXml.fromstring(junit(run_of(grade)))
    assert (4.4, 6) == points_of(suite) == totals(suite)
    failures = {case.name: case.result[0].text for case in suite if case.result}
    assert {"Handed in late", "cnn_a: The answer to the question"} == failures.keys()
    assert "faces_cnn: 0.6 points less. Handed in late." == failures["Handed in late"]
    assert (1.0, 5.0) == (written["parts"][0]["answer_score"], written["parts"][0]["score"])
    assert [("faces_cnn", -0.6)] == [(a["part"], a["points"]) for a in written["adjustments"]]
    assert "cnn_a, your answer: 1 of 2 points. Why?" in feedback_lines(grade)
    assert "faces_cnn: 0.6 points less. Handed in late." in feedback_lines(grade)


def points_of(element: junitparser.TestSuite | junitparser.TestCase) -> tuple[float, float]:
    """The score and the maximum in the properties of a suite or a case."""
    properties = element.child(junitparser.Properties)  # type: ignore[no-untyped-call] # has no types
    values = {one.name: float(one.value) for one in properties}
    return values["score"], values["max_score"]


def totals(suite: junitparser.TestSuite) -> tuple[float, float]:
    """What the points of a suite's cases come to."""
    scores, most = zip(*map(points_of, suite), strict=True)
    return round(sum(scores), 4), round(sum(most), 4)


@pytest.mark.parametrize("out_of", [None, 7.0, 100.0])
def test_single_results_add_up(small_class: Run, out_of: float | None) -> None:
    """Whatever the scale: cases and tests give the total, and no points are said to be by hand."""
    run = scaled(small_class, out_of)

    for suite, grade in zip(junitparser.JUnitXml.fromstring(junit(run)), run.grades, strict=True):
        assert (grade.score, grade.max_score) == totals(suite) == points_of(suite)
        tests = json.loads(results(grade))["tests"]
        assert grade.score == round(sum(test["score"] for test in tests), 4)
        by_hand = [case.name for case in suite if case.name == "Points by hand"]
        assert len(grade.adjustments) == len(by_hand)


def reporter(line: str) -> tuple[float, float, str]:
    """What Classroom's grading reporter makes of a runner's output: points, maximum, status."""
    name, _, encoded = line.rstrip("\n").partition("=")
    assert "result" == name
    document: dict[str, Any] = json.loads(base64.b64decode(encoded, validate=True))
    points = sum(test["score"] for test in document["tests"])
    return points, document["max_score"], document["status"]


@pytest.mark.parametrize(
    ("grade", "expected"),
    [
        (grade_of("Ada", PASSED), (4, 4, "pass")),
        (grade_of("Bo", FAILED, NOT_ATTEMPTED, by_hand=-0.25), (0.75, 8, "fail")),
        (grade_of("Cy", PASSED, TROUBLED), (0, 8, "error")),
        (replace(grade_of("Di", FAILED), parts=(), score=0.0, max_score=0.0), (0, 0, "pass")),
    ],
)
def test_classroom(grade: Grade, expected: tuple[float, float, str]) -> None:
    """The reporter gets the grade's points, and always a list of tests, also of trouble."""
    assert expected == reporter(output_line(grade))


def test_csv_columns(small_class: Run) -> None:
    """One row per student, one column per check; no score where the grader failed."""
    rows = list(csv.DictReader(io.StringIO(csv_table(small_class))))

    assert ["ada", "bo", "cy"] == [row["submission"] for row in rows]
    assert ["4", "0.75", ""] == [row["score"] for row in rows]
    assert ["passed", "failed", "passed"] == [row["cnn_a outcome"] for row in rows]
    assert ["1.5", "0.5", "1.5"] == [row["cnn_a architecture"] for row in rows]
    assert ["", "not_attempted", "grader_error"] == [row["cnn_b outcome"] for row in rows]
    assert ["Ada Grün, Dr.", "Bo 🙂 «Ωmega»", "'-שלום"] == [row["name"] for row in rows]
    assert "'=1+1" == rows[0]["id"]


@settings(max_examples=60)
@given(st.lists(st.builds(Student, hostile, hostile, hostile), min_size=1, max_size=3))
def test_csv_any_text(students: list[Student]) -> None:
    """Whatever the names, the table has a row for each, can be written and runs no formula."""
    run = run_of(*[grade_of(student, submission=str(n)) for n, student in enumerate(students)])

    text = csv_table(run).encode("utf-8-sig").decode("utf-8-sig")

    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert 1 == len({len(row) for row in rows})
    assert len(students) + 1 == len(rows)
    assert not [cell for row in rows for cell in row[1:4] if cell[:1] in set("=+@\t\r")]


def test_junit_is_read(small_class: Run) -> None:
    """Another program's reader finds each check once, with the outcome that it had."""
    suites = list(junitparser.JUnitXml.fromstring(junit(small_class)))

    assert ["Ada Grün, Dr.", "Bo 🙂 «Ωmega»", "-שלום"] == [suite.name for suite in suites]
    assert [(5, 0, 0, 0), (11, 2, 0, 9 - 1), (10, 0, 1, 2)] == [
        (s.tests, s.failures, s.errors, s.skipped) for s in suites
    ]
    cases = [(case.classname, case.name) for suite in suites for case in suite]
    assert 26 == len(cases) == len(set(cases))
    failures = [r for case in suites[1] for r in case.result if isinstance(r, junitparser.Failure)]
    assert "padding=" in failures[0].text
    assert "cnn_a: 0.25 points less. Talked about it." == failures[1].text


@settings(max_examples=60)
@given(hostile, hostile)
def test_junit_any_text(name: str, message: str) -> None:
    """Whatever stands in names and messages, the file is XML that others read."""
    check = replace(FAILED.checks[1], message=message)
    part = replace(FAILED, checks=(FAILED.checks[0], check))

    content = junit(run_of(grade_of(name or "x", part, submission="x")))

    [suite] = junitparser.JUnitXml.fromstring(content)
    assert 1 == suite.failures
    assert list(suite)[1].result[0].text.strip()


def test_junit_limits(small_class: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Long messages are cut, which is said, and a file that GitLab refuses is not written."""
    check = replace(FAILED.checks[1], message="x" * 5000)
    long = run_of(grade_of("Bo", replace(FAILED, checks=(check,), hints=())))
    assert b"[cut: 1,000 more characters]" in junit(long)

    monkeypatch.setattr(junit_module, "_MOST_BYTES", 1000)
    with pytest.raises(UsageError, match="takes files up to 30 MB"):
        junit(small_class)


def test_zip_is_always_the_same() -> None:
    """Equal files give equal bytes, names in other scripts stay, and any program may read them."""
    files = {"Ada Grün_1_assignsubmission_file/report.html": b"a", "שלום/report.html": b"b"}

    packed = zipped(files)

    assert packed == zipped(dict(reversed(files.items())))
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert files == {name: archive.read(name) for name in archive.namelist()}


def test_json_is_results_json(small_class: Run) -> None:
    """The JSON is results.json, format 1."""
    document = json.loads(results_text(small_class))

    assert (1, 3) == (document["format"], len(document["submissions"]))
