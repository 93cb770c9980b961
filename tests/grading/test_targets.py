"""What is asked of networks that tell numbers, or yes and no, in place of persons."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from grader.grading import Evidence, grade_part
from grader.records import (
    Check,
    CheckName,
    DataFacts,
    Finding,
    Outcome,
    OutputCheck,
    OwnData,
    Part,
    PartGrade,
    Rule,
    Splits,
    Target,
    Training,
)

SHA256 = "d" * 64
OWN = OwnData(Path("own.npz"), DataFacts("own.npz", SHA256, ()))


@pytest.fixture
def numbers(part: Part) -> Part:
    """Three numbers for each example, with an error of 0.6 at most."""
    protocol = replace(part.protocol, loss="mean_absolute_error")
    return replace(part, protocol=protocol, num_classes=0, data=OWN)


@pytest.fixture
def yes_or_no(part: Part) -> Part:
    """One probability for each example."""
    protocol = replace(part.protocol, loss="binary_crossentropy")
    return replace(part, protocol=protocol, num_classes=2, data=OWN)


def graded(part: Part, evidence: Evidence) -> PartGrade:
    """In a run with another data set: a part's own digest is what its threshold is found by."""
    return grade_part(part, evidence, "of the run")


def with_output(evidence: Evidence, output: OutputCheck) -> Evidence:
    """The same network, giving this."""
    assert evidence.rebuilt is not None
    return replace(evidence, rebuilt=replace(evidence.rebuilt, output=output))


def with_error(evidence: Evidence, error: float | None) -> Evidence:
    """Trained to this error."""
    assert evidence.training is not None
    none = Splits(None, None, None)
    training: Training = replace(evidence.training, accuracy=none, loss=Splits(0.1, 0.2, error))
    return replace(evidence, training=training)


def output_check(part: Part, evidence: Evidence, output: OutputCheck) -> tuple[Check, str]:
    """The check of such an output, and what the first hint says to it."""
    grade = graded(part, with_output(evidence, output))
    return grade.checks[2], grade.hints[0].message if grade.hints else ""


@pytest.mark.parametrize(
    ("error", "outcome", "told"),
    [
        (0.6, Outcome.PASSED, "Test error 0.6 (mean absolute error), at most the 0.6 allowed."),
        (0.00123456, Outcome.PASSED, "Test error 0.001235 (mean absolute error), at most the 0.6"),
        (0.7, Outcome.FAILED, "Test error 0.7 (mean absolute error), above the 0.6 allowed."),
        (None, Outcome.FAILED, "No test error (mean absolute error) was measured; 0.6 is allowed"),
    ],
)
def test_an_error_is_to_be_small(
    numbers: Part, right: Evidence, error: float | None, outcome: Outcome, told: str
) -> None:
    """At most the threshold; the sentence says error, by what measure, and what is allowed."""
    grade = graded(numbers, with_error(right, error))
    check = grade.checks[-1]

    assert (CheckName.ACCURACY, outcome) == (check.name, check.outcome)
    assert told in check.message
    assert (Target.NUMBERS, 0.6) == (grade.target, grade.threshold)
    assert "accuracy" not in " ".join(check.message for check in grade.checks)


@pytest.mark.parametrize(
    ("output", "told"),
    [
        (OutputCheck((2, 3), -7.0, -9.0, 12.0, finite=True), ""),
        (OutputCheck((2, 4), 0.1, 1.0, 1.0, finite=True), "their shape is (4,), expected (3,)"),
        (OutputCheck((2, 3), 0.1, 1.0, 1.0, finite=False), "some are not finite numbers"),
    ],
)
def test_numbers_are_to_be_finite(
    numbers: Part, right: Evidence, output: OutputCheck, told: str
) -> None:
    """Of any size, in the shape of the table's last row."""
    check, hint = output_check(numbers, right, output)

    if told:
        assert Outcome.FAILED is check.outcome
        assert told in check.message
        assert told in hint
    else:
        assert (Outcome.PASSED, "For each example it gives 3 finite numbers.") == (
            check.outcome,
            check.message,
        )


@pytest.mark.parametrize(
    ("output", "told"),
    [
        (OutputCheck((2, 1), 0.0, 0.0, 1.0, finite=True), ""),
        (OutputCheck((2, 1), -0.5, -0.5, 1.0, finite=True), "the smallest for a batch of examples"),
        (OutputCheck((2, 1), 0.5, 0.5, 1.5, finite=True), "the largest for a batch of examples is"),
        (OutputCheck((2, 2), 0.5, 1.0, 1.0, finite=True), "their shape is (2,), expected (1,)"),
    ],
)
def test_yes_and_no_are_one_probability(
    yes_or_no: Part, right: Evidence, output: OutputCheck, told: str
) -> None:
    """From 0 to 1, by a sigmoid and not a softmax."""
    check, hint = output_check(yes_or_no, right, output)

    if told:
        assert Outcome.FAILED is check.outcome
        assert told in check.message
        assert "Activation('sigmoid')" in hint
    else:
        assert "For each example it gives one probability." == check.message


@pytest.mark.parametrize(
    ("which", "told"),
    [
        ("part", "add keras.layers.Activation('softmax')"),
        ("yes_or_no", "add keras.layers.Activation('sigmoid')"),
        ("numbers", "the table ends with one: add it."),
    ],
)
def test_a_missing_end_is_told_for_what_the_part_tells(
    request: pytest.FixtureRequest, right: Evidence, which: str, told: str
) -> None:
    """The activation that makes probabilities, or none where there are to be none."""
    part: Part = request.getfixturevalue(which)
    assert right.comparison is not None
    missing = Finding(Rule.OUTPUT_ACTIVATION, 2, "missing", {})
    differing = replace(right.comparison, findings=(missing,), matches=False)

    (hint,) = graded(part, replace(right, comparison=differing)).hints

    assert told in hint.message
