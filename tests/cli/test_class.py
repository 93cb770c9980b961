"""`grader grade` for a class: one real run on small data, looked at from all sides."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import ClassRun

pytestmark = pytest.mark.slow

SCHEMA = Path(__file__).parents[2] / "docs" / "results.schema.json"


def parts(run: ClassRun) -> dict[str, dict[str, Any]]:
    """The one part of each submission, by submission."""
    return {entry["submission"]: entry["parts"][0] for entry in run.results["submissions"]}


def test_class_with_failures_ends_with_0(class_run: ClassRun) -> None:
    """A class is done when every submission has its result, whatever the results are."""
    assert 0 == class_run.ran.code


def test_outcomes_of_the_class(class_run: ClassRun) -> None:
    """Right, wrong and untouched are told apart, in the order of the ids."""
    assert {"right": "passed", "stub": "not_attempted", "wrong": "failed"} == {
        name: part["outcome"] for name, part in parts(class_run).items()
    }
    assert ["right", "stub", "wrong"] == list(parts(class_run))


def test_results_are_valid(class_run: ClassRun) -> None:
    """The results.json of a real run is what the schema says."""
    schema = json.loads(SCHEMA.read_bytes())

    jsonschema.validate(class_run.results, schema, jsonschema.Draft202012Validator)


def test_results_hold_the_training(class_run: ClassRun) -> None:
    """The right network has its accuracies, curves and confusion matrix in the results."""
    training = parts(class_run)["right"]["training"]

    assert (30, 1, 0) == (training["epochs"], training["threads"], training["shared_with"])
    assert 30 == len(training["history"]["val_accuracy"])
    assert 1.0 == training["accuracy"]["train"]
    assert [2] * 8 == [sum(row) for row in training["confusion"]]
    assert parts(class_run)["wrong"]["training"] is None


def test_results_name_what_was_used(class_run: ClassRun) -> None:
    """Data set, versions and sandbox stand at the top of the results."""
    assert "small" == class_run.results["data"]["name"]
    assert {"python", "keras", "tensorflow"} <= set(class_run.results["versions"])
    assert class_run.results["sandbox"]


def test_data_without_a_threshold_is_told(class_run: ClassRun) -> None:
    """A grade on such data names the parts, and the command that measures a threshold."""
    told = "No accuracy threshold has been measured on the data set 'small' for fc_a"

    assert told in class_run.ran.out
    assert "`grader calibrate` measures one." in class_run.ran.out


def test_hint_names_both_numbers(class_run: ClassRun) -> None:
    """The wrong network has one hint, at its row, with the student's and the table's number."""
    (hint,) = parts(class_run)["wrong"]["hints"]

    assert ("units", 1) == (hint["rule"], hint["row"])
    assert "9" in hint["message"]
    assert "8" in hint["message"]


def test_pages_are_where_the_results_say(class_run: ClassRun) -> None:
    """There is a class page, and each student's page stands where results.json has it."""
    pages = [entry["report"] for entry in class_run.results["submissions"]]

    assert 3 == len(set(pages))
    for page in ["index.html", *pages]:
        assert "</html>" in (class_run.out / page).read_text("utf-8")


def test_progress_goes_to_standard_error(class_run: ClassRun) -> None:
    """Each submission is named as it is graded, and the class page's path closes the output."""
    assert str(class_run.out / "index.html") in class_run.ran.out.splitlines()[-1]
    for name in ("right", "stub", "wrong"):
        assert name in class_run.ran.err
        assert name not in class_run.ran.out.splitlines()[-1].replace(str(class_run.out), "")
