"""results.json, format 1: what the schema says is what is written, whatever the grades hold."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.export.results_json import results_text, write_results
from grader.records import (
    Adjustment,
    AlignedRow,
    Check,
    CheckName,
    DataFacts,
    Grade,
    Hint,
    History,
    Mark,
    Match,
    Outcome,
    PartGrade,
    Row,
    Rule,
    Run,
    Splits,
    Student,
    Totals,
    Training,
    WrongImage,
)

SCHEMA = Path(__file__).parents[2] / "docs" / "results.schema.json"

figures = st.floats()
shares = st.floats(0, 1) | st.just(math.nan)
points = st.floats(0, 100)
counts = st.integers(0, 10**9)
texts = st.text(max_size=20) | st.just("undecodable \udcff")
optional_counts = st.none() | counts
rows = st.builds(
    Row,
    layer=texts,
    shape=st.none() | st.lists(optional_counts, max_size=4).map(tuple),
    params=optional_counts,
    name=st.just(""),
    connections=st.just(()),
)
totals = st.builds(Totals, optional_counts, optional_counts, optional_counts)
histories = st.builds(History, *[st.lists(figures, max_size=3).map(tuple)] * 4)
trainings = st.builds(
    Training,
    accuracy=st.builds(Splits, *[st.none() | shares] * 3),
    loss=st.builds(Splits, *[st.none() | figures] * 3),
    epochs=counts,
    seconds=points,
    seed=counts,
    threads=st.integers(1, 64),
    history=histories,
    confusion=st.lists(st.lists(counts, max_size=3).map(tuple), max_size=3).map(tuple),
    wrong=st.lists(st.builds(WrongImage, counts, counts, counts, shares), max_size=2).map(tuple),
)
checks = st.builds(
    Check, st.sampled_from(CheckName), st.sampled_from(Outcome), points, points, texts
)
hints = st.builds(Hint, st.sampled_from(Rule), st.none() | st.integers(1, 40), texts)
aligned = st.builds(AlignedRow, st.sampled_from(Match), st.none() | rows, st.none() | rows)
part_grades = st.builds(
    PartGrade,
    part=st.sampled_from(["fc_a", "cnn_c"]),
    score=points,
    max_score=points,
    checks=st.lists(checks, max_size=5).map(tuple),
    hints=st.lists(hints, max_size=2).map(tuple),
    notes=st.lists(texts, max_size=2).map(tuple),
    rows=st.lists(aligned, max_size=3).map(tuple),
    reference_totals=totals,
    submitted_totals=totals,
    answer=texts,
    mark=st.none() | st.builds(Mark, points, points, texts, texts),
    output=texts,
    training=st.none() | trainings,
    threshold=st.none() | st.floats(0, 1),
    shared_with=counts,
)
grades = st.builds(
    Grade,
    student=st.builds(Student, texts, st.none() | texts, st.none() | texts),
    score=points,
    max_score=points,
    parts=st.lists(part_grades, max_size=2).map(tuple),
    notices=st.lists(texts, max_size=2).map(tuple),
    attempt=st.integers(1, 9),
    adjustments=st.lists(
        st.builds(Adjustment, st.sampled_from(["fc_a", "cnn_c"]), points, texts, st.just("2026")),
        max_size=2,
    ).map(tuple),
)
runs = st.builds(
    Run,
    data=st.builds(DataFacts, texts, st.just("0" * 64), st.just(("Ada", "Bo"))),
    versions=st.dictionaries(st.sampled_from(["python", "keras", "tensorflow", "numpy"]), texts),
    grades=st.lists(grades, max_size=2).map(tuple),
)


def schema() -> dict[str, Any]:
    """The JSON Schema of the format."""
    found: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return found


def passed_run() -> Run:
    """A run with one submission of one part, whose numbers a reader can check by eye."""
    part = PartGrade(
        part="cnn_a",
        outcome=Outcome.FAILED,
        score=0.5,
        max_score=4.0,
        checks=(Check(CheckName.LOADS, Outcome.PASSED, 0.5, 0.5, "A network of 2 layers."),),
        hints=(Hint(Rule.PADDING, 1, "Keep the border."),),
        rows=(
            AlignedRow(
                Match.DIFFERENT,
                Row("Conv2D", (None, 48, 48, 32), 896),
                Row("Conv2D", (None, 46, 46, 32), 896),
            ),
            AlignedRow(Match.EXTRA, None, Row("Mystery", None, None)),
        ),
        reference_totals=Totals(896, 896, 0),
    )
    grade = Grade(
        "doe_jane", Student("Jane Doe"), 0.5, 4.0, (part,), "students/doe_jane/index.html"
    )
    data = DataFacts("invented faces", "0" * 64, ("Ada", "Bo"))
    versions = {"python": "3.12.1", "keras": "3.15.1"}
    return Run("0.1.0", data, versions, "bubblewrap", (grade,))


def _refuse(constant: str) -> NoReturn:
    """Python would read NaN and Infinity, which are no JSON."""
    raise AssertionError(constant)


def test_the_schema_is_a_schema() -> None:
    """The schema itself is valid under draft 2020-12."""
    jsonschema.Draft202012Validator.check_schema(schema())


def test_the_schema_knows_every_word() -> None:
    """The schema lists the outcomes, checks, matches and causes that there are, and no others."""
    kinds = schema()["$defs"]

    assert [*Outcome] == kinds["outcome"]["enum"]
    assert [*CheckName] == kinds["check"]["properties"]["check"]["enum"]
    assert [*Match] == kinds["aligned"]["properties"]["match"]["enum"]
    assert [*Rule] == kinds["hint"]["properties"]["rule"]["enum"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(run=runs)
def test_every_run_is_written_as_the_schema_says(run: Run) -> None:
    """Whatever the grades hold, the document follows the schema and is JSON without NaN."""
    written = results_text(run).encode("utf-8")

    document = json.loads(written, parse_constant=_refuse)
    jsonschema.Draft202012Validator(schema()).validate(document)


def test_a_part_without_training_has_all_its_keys() -> None:
    """What was not reached is null or empty, and rows and totals are lists as in the format."""
    document = json.loads(results_text(passed_run()))

    part = document["submissions"][0]["parts"][0]
    assert part["training"] is None
    assert part["answer_score"] is None
    assert part["totals"] == {"reference": [896, 896, 0], "submitted": [None, None, None]}
    assert part["rows"] == [
        {
            "match": "different",
            "reference": ["Conv2D", [None, 48, 48, 32], 896],
            "submitted": ["Conv2D", [None, 46, 46, 32], 896],
        },
        {"match": "extra", "reference": None, "submitted": ["Mystery", None, None]},
    ]
    assert document["versions"] == {"python": "3.12.1", "keras": "3.15.1", "tensorflow": None}


def test_the_file_holds_the_document(tmp_path: Path) -> None:
    """The file holds all submissions, each on a line, with nothing left beside it."""
    once = passed_run()
    run = replace(once, grades=once.grades * 3)

    write_results(run, tmp_path / "results.json")

    written = (tmp_path / "results.json").read_text(encoding="utf-8")
    assert results_text(run) == written
    assert sum("doe_jane" in line for line in written.splitlines()) == 3
    assert [tmp_path / "results.json"] == list(tmp_path.iterdir())


@pytest.mark.parametrize("where", [(), ("submissions", 0), ("submissions", 0, "parts", 0)])
def test_a_key_too_many_is_refused(where: tuple[str | int, ...]) -> None:
    """The schema admits the format's keys and no others."""
    document = json.loads(results_text(passed_run()))
    place = document
    for step in where:
        place = place[step]
    place["surprise"] = 1

    errors = list(jsonschema.Draft202012Validator(schema()).iter_errors(document))

    assert len(errors) == 1
    assert "surprise" in errors[0].message
