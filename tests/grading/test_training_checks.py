"""The last two checks: how a training ended, and whether its accuracy is enough."""

from __future__ import annotations

from dataclasses import replace

import pytest

from grader.grading import Evidence, grade_part, wants_training
from grader.records import (
    AlignedRow,
    Architecture,
    Comparison,
    Outcome,
    Part,
    Rule,
    Splits,
    Training,
)

CALIBRATED = "d" * 64


@pytest.mark.parametrize(
    ("outcome", "rule"),
    [
        (Outcome.FAILED, Rule.NOT_FINITE),
        (Outcome.TIMED_OUT, Rule.TIME_LIMIT),
        (Outcome.OUT_OF_MEMORY, Rule.MEMORY_LIMIT),
    ],
)
def test_training_that_did_not_finish(
    part: Part, right: Evidence, training: Training, outcome: Outcome, rule: Rule
) -> None:
    """A training that ended early decides the part, with its hint; accuracy is not looked at."""
    ended = replace(training, outcome=outcome, epochs=4, message="It ended in epoch 5.")

    grade = grade_part(part, replace(right, training=ended), CALIBRATED)

    assert [outcome, Outcome.SKIPPED] == [check.outcome for check in grade.checks[-2:]]
    assert (outcome, 2.5) == (grade.outcome, grade.score)
    assert [rule] == [hint.rule for hint in grade.hints]
    assert "It ended in epoch 5." in grade.checks[3].message


def test_training_that_keras_refused(part: Part, right: Evidence, training: Training) -> None:
    """Settings that Keras will not train with are told as its exception, not as a loss."""
    message = "Keras could not train the network. It says: ValueError: no."
    refused = replace(training, outcome=Outcome.FAILED, epochs=0, message=message, refused=True)

    grade = grade_part(part, replace(right, training=refused), CALIBRATED)

    assert (Outcome.FAILED, message) == (grade.checks[3].outcome, grade.checks[3].message)
    assert [Rule.EXCEPTION] == [hint.rule for hint in grade.hints]
    assert "Leave out the one that the sentence is about" in grade.hints[0].message


def test_training_that_the_grader_could_not_do(
    part: Part, right: Evidence, training: Training
) -> None:
    """A worker's failure is the grader's own and gives no hint to the student."""
    lost = replace(training, outcome=Outcome.GRADER_ERROR, epochs=0, message="The worker is lost.")

    grade = grade_part(part, replace(right, training=lost), CALIBRATED)

    assert (Outcome.GRADER_ERROR, ()) == (grade.outcome, grade.hints)
    assert "The worker is lost." in grade.checks[3].message


@pytest.mark.parametrize(
    ("test_accuracy", "outcome", "score"),
    [
        (0.61, Outcome.PASSED, 4.0),
        (0.6, Outcome.PASSED, 4.0),
        (0.59, Outcome.FAILED, 3.0),
        (None, Outcome.FAILED, 3.0),
    ],
)
def test_accuracy_beside_its_threshold(
    part: Part,
    right: Evidence,
    training: Training,
    test_accuracy: float | None,
    outcome: Outcome,
    score: float,
) -> None:
    """The accuracy on the test images, not on the others, has to reach the threshold."""
    measured = replace(training, accuracy=Splits(0.99, 0.99, test_accuracy))

    grade = grade_part(part, replace(right, training=measured), CALIBRATED)

    assert (outcome, score) == (grade.outcome, grade.score)
    assert "0.600" in grade.checks[4].message
    expected = [] if outcome is Outcome.PASSED else [Rule.BELOW_THRESHOLD]
    assert expected == [hint.rule for hint in grade.hints]


def test_numbers_of_the_training_are_kept(part: Part, right: Evidence, training: Training) -> None:
    """Training, threshold and the count of those who share it stand in the grade."""
    grade = grade_part(part, replace(right, shared_with=41), CALIBRATED)

    assert (training, 0.6, 41) == (grade.training, grade.threshold, grade.shared_with)


def test_training_is_wanted_once_the_network_is_right(part: Part, right: Evidence) -> None:
    """A network that passes the first three checks is trained, another is not."""
    untrained = replace(right, training=None)
    assert right.comparison is not None
    comparison: Comparison = replace(right.comparison, matches=False)

    assert wants_training(part, untrained)
    assert not wants_training(part, replace(untrained, comparison=comparison))


def test_notes_of_all_steps_are_told_once(part: Part, right: Evidence) -> None:
    """What sandbox, canonical form and comparison noted is told in words, each once."""
    description = right.described.description
    assert description.architecture is not None
    assert right.comparison is not None
    architecture: Architecture = replace(
        description.architecture, notes=("functional", "fused-activation:2")
    )
    description = replace(description, architecture=architecture, notes=("own-optimizer",))
    comparison: Comparison = replace(
        right.comparison, notes=(*architecture.notes, "functional", "unusual:1:a:2:3")
    )
    evidence = replace(
        right,
        described=replace(right.described, description=description),
        comparison=comparison,
    )

    notes = grade_part(part, evidence, CALIBRATED).notes

    assert 4 == len(notes)
    assert "self-written optimizer" in notes[0]
    assert "functional" in notes[1]
    assert "2 layers have their activation as an argument" in notes[2]
    assert "a=2" in notes[3]


def test_answer_output_rows_and_totals_are_handed_on(part: Part, right: Evidence) -> None:
    """The answer and output of the student, the aligned rows and both totals are in the grade."""
    description = replace(right.described.description, answer="Better.", output="hello\n")
    evidence = replace(right, described=replace(right.described, description=description))
    assert evidence.comparison is not None
    rows: tuple[AlignedRow, ...] = evidence.comparison.rows

    grade = grade_part(part, evidence, CALIBRATED)

    assert ("Better.", "hello\n", rows) == (grade.answer, grade.output, grade.rows)
    assert (15, 15) == (grade.reference_totals.total, grade.submitted_totals.total)


def test_totals_of_what_gave_no_network_are_unknown(part: Part, right: Evidence) -> None:
    """Without a comparison the reference's totals stand there and the submitted are unknown."""
    grade = grade_part(part, replace(right, rebuilt=None, comparison=None), CALIBRATED)

    assert (15, None) == (grade.reference_totals.total, grade.submitted_totals.total)
