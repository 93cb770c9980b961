"""The checks of a part: their order, their points, and which of them decides."""

from __future__ import annotations

from dataclasses import replace

import pytest

from grader.grading import Evidence, grade_part, wants_training
from grader.grading.describing import Described
from grader.records import (
    AlignedRow,
    CheckName,
    Comparison,
    Description,
    Fault,
    Finding,
    Match,
    Outcome,
    OutputCheck,
    Part,
    Rebuilt,
    Row,
    Rule,
    Totals,
    Value,
)

CALIBRATED = "d" * 64
BUILT = (CheckName.LOADS, CheckName.ARCHITECTURE)
PASSED, SKIPPED = Outcome.PASSED, Outcome.SKIPPED


def outcomes(part: Part, evidence: Evidence, data: str = CALIBRATED) -> list[Outcome]:
    """What became of the five checks, in the order of the grade."""
    return [check.outcome for check in grade_part(part, evidence, data).checks]


def with_rebuilt(evidence: Evidence, **changes: object) -> Evidence:
    """The evidence with these fields of its rebuilt network changed; not trained yet."""
    assert evidence.rebuilt is not None
    rebuilt: Rebuilt = replace(evidence.rebuilt, **changes)  # type: ignore[arg-type]  # a test's own
    return replace(evidence, rebuilt=rebuilt, training=None)


def with_output(evidence: Evidence, **changes: object) -> Evidence:
    """The evidence with another output of its network."""
    assert evidence.rebuilt is not None
    assert evidence.rebuilt.output is not None
    output: OutputCheck = replace(evidence.rebuilt.output, **changes)  # type: ignore[arg-type]  # a test's own
    return with_rebuilt(evidence, output=output)


def with_wrong_units(evidence: Evidence) -> Evidence:
    """The evidence with another first row: one of two rows matches."""
    assert evidence.comparison is not None
    first, second = evidence.comparison.rows
    assert first.reference is not None
    other = AlignedRow(Match.DIFFERENT, first.reference, Row("Dense", (None, 5), 4 * 5 + 5))
    values: dict[str, Value] = {
        "found": 5,
        "expected": 3,
        "submitted": "Dense",
        "submitted_ordinal": 1,
    }
    finding = Finding(Rule.UNITS, 1, "", values)
    comparison: Comparison = replace(
        evidence.comparison,
        rows=(other, second),
        submitted_totals=Totals(25, 25, 0),
        findings=(finding,),
        matches=False,
    )
    return replace(evidence, comparison=comparison, training=None)


def faulty(fault: Fault) -> Evidence:
    """The evidence of a file that gave no network."""
    return Evidence(Described("fc_a.py", Description(architecture=None, fault=fault)))


def test_five_checks_in_their_order(part: Part, right: Evidence) -> None:
    """A grade holds all five checks, from loading to accuracy."""
    grade = grade_part(part, right, CALIBRATED)

    assert ["loads", "architecture", "output", "training", "accuracy"] == [
        check.name for check in grade.checks
    ]


def test_right_submission_gets_all_points(part: Part, right: Evidence) -> None:
    """Where every check passes, the part has passed with the points of all checks."""
    grade = grade_part(part, right, CALIBRATED)

    assert (PASSED, 4.0, 4.0) == (grade.outcome, grade.score, grade.max_score)
    assert [0.5, 1.5, 0.5, 0.5, 1.0] == [check.score for check in grade.checks]
    assert () == grade.hints


def test_checks_after_a_failure_are_skipped(part: Part, right: Evidence) -> None:
    """After the first check that does not pass, the rest is not checked yet and gives no points."""
    grade = grade_part(part, with_wrong_units(right), CALIBRATED)

    assert [PASSED, Outcome.FAILED, SKIPPED, SKIPPED, SKIPPED] == [
        check.outcome for check in grade.checks
    ]
    assert [0.0, 0.0, 0.0] == [check.score for check in grade.checks[2:]]
    assert {"Not checked yet."} == {check.message for check in grade.checks[2:]}
    assert 4.0 == grade.max_score


def test_part_has_the_outcome_of_the_first_check_that_did_not_pass(
    part: Part, right: Evidence
) -> None:
    """The first check that does not pass decides what became of the part."""
    assert Outcome.FAILED == grade_part(part, with_wrong_units(right), CALIBRATED).outcome
    timed_out = faulty(Fault(Outcome.TIMED_OUT, Rule.TIME_LIMIT, {"limit": "20 s"}))
    assert Outcome.TIMED_OUT == grade_part(part, timed_out, CALIBRATED).outcome


def test_matching_rows_give_part_of_the_points(part: Part, right: Evidence) -> None:
    """With one of two rows right, half of half the architecture's points are given."""
    grade = grade_part(part, with_wrong_units(right), CALIBRATED)

    # loads 0.5, architecture 1.5 x 0.5 x 1/2 = 0.375, rounded to cents
    assert (0.5, 0.38) == (grade.checks[0].score, grade.checks[1].score)
    assert 0.88 == grade.score


def test_same_rows_with_other_totals_are_no_full_points(part: Part, right: Evidence) -> None:
    """A frozen layer has all rows right but is not the table's network: half the points."""
    assert right.comparison is not None
    comparison: Comparison = replace(
        right.comparison, submitted_totals=Totals(15, 0, 15), matches=False
    )

    grade = grade_part(part, replace(right, comparison=comparison), CALIBRATED)

    assert (Outcome.FAILED, 0.75) == (grade.checks[1].outcome, grade.checks[1].score)


def test_hint_of_the_comparison_stands_with_its_row(part: Part, right: Evidence) -> None:
    """A recognised cause becomes a hint with its rule and its row."""
    (hint,) = grade_part(part, with_wrong_units(right), CALIBRATED).hints

    assert (Rule.UNITS, 1) == (hint.rule, hint.row)


def test_accuracy_without_threshold_takes_no_points(part: Part, right: Evidence) -> None:
    """On a data set without a calibrated threshold, accuracy is skipped and worth nothing."""
    grade = grade_part(part, right, "another data set")

    accuracy = grade.checks[-1]
    assert (SKIPPED, 0.0, 0.0) == (accuracy.outcome, accuracy.score, accuracy.max_score)
    assert (PASSED, 3.0, 3.0) == (grade.outcome, grade.score, grade.max_score)
    assert grade.threshold is None


def test_without_threshold_a_failure_still_decides(part: Part, right: Evidence) -> None:
    """A check that cannot be made does not hide one that failed."""
    grade = grade_part(part, with_wrong_units(right), "another data set")

    assert (Outcome.FAILED, 3.0) == (grade.outcome, grade.max_score)


def test_no_training_asked_for_decides_nothing(part: Part, right: Evidence) -> None:
    """With --no-train the last two checks are skipped, worth nothing, and the part can pass."""
    untrained = replace(right, training=None)

    grade = grade_part(part, untrained, CALIBRATED, with_training=False)

    assert [SKIPPED, SKIPPED] == [check.outcome for check in grade.checks[-2:]]
    assert {"Not checked: not asked for."} == {check.message for check in grade.checks[-2:]}
    assert (PASSED, 2.5, 2.5) == (grade.outcome, grade.score, grade.max_score)


def test_a_part_that_is_only_built_asks_for_no_more(part: Part, right: Evidence) -> None:
    """Checks that are not the part's are skipped, take no points, and nothing is trained."""
    built = replace(part, points={n: p for n, p in part.points.items() if n in BUILT})
    untrained = replace(with_output(right, minimum=-1.0), training=None)

    grade = grade_part(built, untrained, CALIBRATED)

    assert (PASSED, sum(built.points.values())) == (grade.outcome, grade.score)
    assert grade.score == grade.max_score
    assert {"Not part of this exercise."} == {check.message for check in grade.checks[2:]}
    assert not wants_training(built, untrained)


def test_training_still_to_come_is_not_passed(part: Part, right: Evidence) -> None:
    """A part whose training has not been made yet has not passed."""
    grade = grade_part(part, replace(right, training=None), CALIBRATED)

    assert (SKIPPED, 2.5, 4.0) == (grade.outcome, grade.score, grade.max_score)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"shape": (2, 5)}, "(5,)"),
        ({"shape": (2, 4, 3)}, "(4, 3)"),
        ({"minimum": -0.25}, "-0.25"),
        ({"largest_sum": 2.5}, "2.5"),
        ({"smallest_sum": 0.2}, "0.2"),
        ({"finite": False}, "not finite"),
    ],
)
def test_output_that_is_no_probabilities(
    part: Part, right: Evidence, changes: dict[str, object], found: str
) -> None:
    """Outputs of another shape, negative, not summing to 1 or not finite fail, with the value."""
    evidence = with_output(right, **changes)
    grade = grade_part(part, evidence, CALIBRATED)

    assert [PASSED, PASSED, Outcome.FAILED, SKIPPED, SKIPPED] == outcomes(part, evidence)
    assert found in grade.checks[2].message
    assert [Rule.OUTPUT_ACTIVATION] == [hint.rule for hint in grade.hints]
    assert not wants_training(part, evidence)


def test_output_that_could_not_be_computed_fails(part: Part, right: Evidence) -> None:
    """A network that could not be tried on images does not pass the output check."""
    evidence = with_rebuilt(right, output=None)

    assert [PASSED, PASSED, Outcome.FAILED, SKIPPED, SKIPPED] == outcomes(part, evidence)


def test_sums_may_be_off_by_rounding(part: Part, right: Evidence) -> None:
    """Sums of float32 probabilities need not be 1 to the last digit."""
    evidence = with_output(right, smallest_sum=0.9999, largest_sum=1.0001)

    assert PASSED == outcomes(part, evidence)[2]


FAULTS = [
    Fault(Outcome.ERROR, Rule.SYNTAX_ERROR, {"sentence": "SyntaxError: invalid", "line": 3}),
    Fault(Outcome.ERROR, Rule.IMPORT_ERROR, {"sentence": "ModuleNotFoundError: torch", "line": 1}),
    Fault(Outcome.ERROR, Rule.OLD_KERAS, {"found": "border_mode", "today": "padding"}),
    Fault(Outcome.ERROR, Rule.NO_BUILD_MODEL),
    Fault(Outcome.ERROR, Rule.RETURNED_NONE),
    Fault(Outcome.ERROR, Rule.NOT_A_MODEL, {"found": "list"}),
    Fault(Outcome.ERROR, Rule.NOT_BUILT),
    Fault(Outcome.ERROR, Rule.CUSTOM_LAYER, {"class": "Mine"}),
    Fault(Outcome.ERROR, Rule.SILENT_EXIT, {"exit_code": 0}),
    Fault(Outcome.TIMED_OUT, Rule.TIME_LIMIT, {"cpu_seconds": 20}),
    Fault(Outcome.OUT_OF_MEMORY, Rule.MEMORY_LIMIT),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: str(fault.rule))
def test_fault_of_the_file(part: Part, fault: Fault) -> None:
    """A file that gives no network fails to load, with its hint, without points or training."""
    evidence = faulty(fault)
    grade = grade_part(part, evidence, CALIBRATED)

    assert [fault.outcome, *[SKIPPED] * 4] == outcomes(part, evidence)
    assert (fault.outcome, 0.0, 4.0) == (grade.outcome, grade.score, grade.max_score)
    assert [(fault.rule, None)] == [(hint.rule, hint.row) for hint in grade.hints]
    assert "fc_a.py" in grade.checks[0].message
    assert not wants_training(part, evidence)


def test_exception_is_told_in_the_students_own_lines(part: Part) -> None:
    """What the file raised is told with its line and with Python's own sentence."""
    details: dict[str, str | int] = {
        "sentence": "ValueError: no such thing",
        "line": 7,
        "traceback": "  line 7, in f",
    }
    grade = grade_part(part, faulty(Fault(Outcome.ERROR, Rule.EXCEPTION, details)), CALIBRATED)

    assert "fc_a.py, line 7: ValueError: no such thing\n  line 7, in f" == grade.checks[0].message


def test_untouched_stub_is_not_attempted(part: Part) -> None:
    """A stub that nobody has filled in is no failure, so there is nothing to hint at."""
    grade = grade_part(part, faulty(Fault(Outcome.NOT_ATTEMPTED, None)), CALIBRATED)

    assert (Outcome.NOT_ATTEMPTED, 0.0, ()) == (grade.outcome, grade.score, grade.hints)


def test_network_that_cannot_be_rebuilt_does_not_load(part: Part, right: Evidence) -> None:
    """A fault that only the rebuilding finds counts like one of the file."""
    assert right.rebuilt is not None
    fault = Fault(Outcome.OUT_OF_MEMORY, Rule.MEMORY_LIMIT, {"params": 10**10})
    evidence = replace(
        right, rebuilt=replace(right.rebuilt, fault=fault), comparison=None, training=None
    )

    grade = grade_part(part, evidence, CALIBRATED)

    assert Outcome.OUT_OF_MEMORY == grade.checks[0].outcome
    assert [Rule.MEMORY_LIMIT] == [hint.rule for hint in grade.hints]
    assert "10,000,000,000" in grade.checks[0].message


def test_trouble_of_the_grader_is_not_the_students(part: Part) -> None:
    """The grader's own failure is an outcome of its own and says so."""
    fault = Fault(Outcome.GRADER_ERROR, None, {"sentence": "The worker was lost."})
    grade = grade_part(part, faulty(fault), CALIBRATED)

    assert (Outcome.GRADER_ERROR, ()) == (grade.outcome, grade.hints)
    assert "not your fault: The worker was lost." in grade.checks[0].message
