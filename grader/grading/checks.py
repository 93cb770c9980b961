"""Grade: the five checks of a part in their order, with points; pure.

After a check that did not pass the rest are skipped. A check that cannot be made at all (no
threshold for this data set, or no training asked for) is skipped too, takes no points and does not
decide.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from grader import messages
from grader.grading.describing import Described
from grader.grading.last_activation import last_activation_findings
from grader.records import (
    UNKNOWN_TOTALS,
    Check,
    CheckName,
    Comparison,
    Fault,
    Finding,
    Hint,
    Match,
    Outcome,
    OutputCheck,
    Part,
    PartGrade,
    Rebuilt,
    Rule,
    Target,
    Totals,
    Training,
    Value,
)

# Of the points for the architecture: what matching rows give while not everything matches.
SHARE_FOR_ROWS = 0.5
SUM_TOLERANCE = 1e-3
# With more differences than that it is another network, and a longer list helps no one.
MAX_HINTS = 12


@dataclass(frozen=True)
class Evidence:
    """What is known about one part of one submission so far; None for steps that were not reached.

    `shared_with` counts the other submissions whose result this training is as well.
    """

    described: Described
    rebuilt: Rebuilt | None = None
    comparison: Comparison | None = None
    training: Training | None = None
    shared_with: int = 0

    @property
    def fault(self) -> Fault | None:
        """Why there is no network, or none that can be built; None where there is one."""
        rebuilt = self.rebuilt.fault if self.rebuilt else None
        return self.described.description.fault or rebuilt


def grade_part(
    part: Part, evidence: Evidence, data_sha256: str, *, with_training: bool = True
) -> PartGrade:
    """Outcome, points, checks and hints of one part, from everything that is known about it.

    A step that has not been taken yet counts as skipped, so that this may be called while checks
    are still to come.
    """
    calibration = part.calibration_for(data_sha256)
    threshold = calibration.threshold if calibration else None
    reasons: dict[CheckName, messages.SkipReason] = {}
    if threshold is None:
        reasons[CheckName.ACCURACY] = "no threshold"
    if not with_training:
        reasons = dict.fromkeys((CheckName.TRAINING, CheckName.ACCURACY), "not asked for")
    reasons |= {name: "not in this part" for name in CheckName if name not in part.points}
    checks: list[Check] = []
    for name in CheckName:
        stopped = any(c.outcome is not Outcome.PASSED for c in checks)
        if name in reasons:
            checks.append(_skipped(name, 0.0, reasons[name]))
        elif stopped:
            checks.append(_skipped(name, part.points[name], "not yet"))
        else:
            checks.append(_check(name, part, evidence, threshold))
    description = evidence.described.description
    return PartGrade(
        part=part.id,
        outcome=_part_outcome(checks, reasons),
        score=round(sum(check.score for check in checks), 2),
        max_score=round(sum(check.max_score for check in checks), 2),
        checks=tuple(checks),
        hints=_hints(part, evidence, checks),
        notes=_notes(evidence),
        rows=evidence.comparison.rows if evidence.comparison else (),
        reference_totals=part.reference.totals,
        submitted_totals=_submitted_totals(evidence),
        answer=description.answer,
        output=description.output,
        training=evidence.training,
        threshold=threshold,
        shared_with=evidence.shared_with,
        target=part.target,
    )


def wants_training(part: Part, evidence: Evidence) -> bool:
    """Whether the part is one to be trained, and all checks before the training pass."""
    before = (CheckName.LOADS, CheckName.ARCHITECTURE, CheckName.OUTPUT)
    return part.is_trained and all(
        _check(name, part, evidence, None).outcome is Outcome.PASSED
        for name in before
        if name in part.points
    )


def _check(name: CheckName, part: Part, evidence: Evidence, threshold: float | None) -> Check:
    """One check whose turn it is; skipped where its evidence is still to come."""
    match name:
        case CheckName.LOADS:
            outcome, message = _loads(evidence)
        case CheckName.ARCHITECTURE:
            outcome, message = _architecture(evidence)
        case CheckName.OUTPUT:
            outcome, message = _output(part, evidence)
        case CheckName.TRAINING:
            outcome, message = _training(evidence)
        case CheckName.ACCURACY:
            outcome, message = _accuracy(part, evidence, threshold)
    max_score = part.points[name]
    score = max_score if outcome is Outcome.PASSED else 0.0
    if name is CheckName.ARCHITECTURE and outcome is Outcome.FAILED and evidence.comparison:
        score = round(max_score * SHARE_FOR_ROWS * _share_of_rows(evidence.comparison), 2)
    return Check(name, outcome, score, max_score, message)


def _loads(evidence: Evidence) -> tuple[Outcome, str]:
    fault = evidence.fault
    if fault:
        return fault.outcome, messages.fault_message(fault, evidence.described.path)
    if evidence.rebuilt is None:
        return _still_to_come()
    return Outcome.PASSED, messages.loads_message(len(evidence.rebuilt.rows))


def _architecture(evidence: Evidence) -> tuple[Outcome, str]:
    comparison = evidence.comparison
    if comparison is None:
        return _still_to_come()
    outcome = Outcome.PASSED if comparison.matches else Outcome.FAILED
    return outcome, messages.architecture_message(comparison, MAX_HINTS)


def _output(part: Part, evidence: Evidence) -> tuple[Outcome, str]:
    if evidence.rebuilt is None:
        return _still_to_come()
    output = evidence.rebuilt.output
    fine = output is not None and _gives(output, part)
    outcome = Outcome.PASSED if fine else Outcome.FAILED
    return outcome, messages.output_message(output, part, fine=fine)


def _gives(output: OutputCheck, part: Part) -> bool:
    """Whether the output is what the part asks for: finite, of its shape, and probabilities."""
    if not output.finite or not part.is_output(output.shape[1:]):
        return False
    match part.target:
        case Target.NUMBERS:
            return True
        case Target.YES_OR_NO:
            # Of one number a row is its own sum.
            return output.minimum >= 0 and output.largest_sum <= 1
        case _:
            sums = (output.smallest_sum, output.largest_sum)
            return output.minimum >= 0 and all(abs(each - 1) <= SUM_TOLERANCE for each in sums)


def _training(evidence: Evidence) -> tuple[Outcome, str]:
    if evidence.training is None:
        return _still_to_come()
    return evidence.training.outcome, messages.training_message(evidence.training)


def _accuracy(part: Part, evidence: Evidence, threshold: float | None) -> tuple[Outcome, str]:
    training = evidence.training
    if training is None or threshold is None:
        return _still_to_come()
    test = part.target.measured(training).test
    enough = test is not None and part.target.is_reached(test, threshold)
    outcome = Outcome.PASSED if enough else Outcome.FAILED
    return outcome, messages.accuracy_message(part, test, threshold)


def _still_to_come() -> tuple[Outcome, str]:
    return Outcome.SKIPPED, messages.skipped_message("not yet")


def _skipped(name: CheckName, max_score: float, reason: messages.SkipReason) -> Check:
    return Check(name, Outcome.SKIPPED, 0.0, max_score, messages.skipped_message(reason))


def _part_outcome(checks: list[Check], not_deciding: Mapping[CheckName, object]) -> Outcome:
    """That of the first check that did not pass, checks that cannot be made left out."""
    deciding = (check for check in checks if check.name not in not_deciding)
    outcomes = (check.outcome for check in deciding if check.outcome is not Outcome.PASSED)
    return next(outcomes, Outcome.PASSED)


def _share_of_rows(comparison: Comparison) -> float:
    same = sum(row.match is Match.SAME for row in comparison.rows)
    return same / len(comparison.rows) if comparison.rows else 0.0


def _hints(part: Part, evidence: Evidence, checks: list[Check]) -> tuple[Hint, ...]:
    """The recognised causes behind the check that did not pass, in row order."""
    fault = evidence.fault
    if fault:
        return (Hint(fault.rule, None, messages.fault_hint(fault)),) if fault.rule else ()
    findings = list(evidence.comparison.findings) if evidence.comparison else []
    failed = {check.name for check in checks if not check.outcome.is_settled}
    if not any(finding.rule is Rule.OUTPUT_ACTIVATION for finding in findings):
        findings += _output_findings(part, evidence, failed)
    told = [_for_target(finding, part) for finding in findings[:MAX_HINTS]]
    hints = [Hint(f.rule, f.row, messages.finding_message(f)) for f in told]
    return tuple(hints) + _training_hints(evidence, failed)


def _for_target(finding: Finding, part: Part) -> Finding:
    """A finding on the end of the network says what this part's networks end with."""
    if finding.rule is not Rule.OUTPUT_ACTIVATION:
        return finding
    return replace(finding, values={**finding.values, "target": part.target.value})


def _output_findings(
    part: Part, evidence: Evidence, failed: AbstractSet[CheckName]
) -> list[Finding]:
    """The last activation where it is no softmax, else what is wrong with the values.

    The activation is a slip of its own where the architecture failed, too; the values may then be
    wrong for another reason, and say nothing.
    """
    architecture, rebuilt = evidence.described.description.architecture, evidence.rebuilt
    rows = evidence.comparison.rows if evidence.comparison else ()
    if architecture is None or rebuilt is None or CheckName.OUTPUT not in part.points:
        return []
    found: list[Finding] = []
    ends_in_softmax = part.target in {Target.PERSONS, Target.CLASSES}
    if ends_in_softmax and failed & {CheckName.ARCHITECTURE, CheckName.OUTPUT}:
        found = list(last_activation_findings(rows, architecture, rebuilt.output))
    if not found and CheckName.OUTPUT in failed:
        fault: dict[str, Value] = {"found": messages.output_fault(rebuilt.output, part)}
        found = [Finding(Rule.OUTPUT_ACTIVATION, len(rows), "values", fault)]
    return found


def _training_hints(evidence: Evidence, failed: Collection[CheckName]) -> tuple[Hint, ...]:
    training = evidence.training
    if training is None:
        return ()
    rules = {
        Outcome.FAILED: Rule.EXCEPTION if training.refused else Rule.NOT_FINITE,
        Outcome.TIMED_OUT: Rule.TIME_LIMIT,
        Outcome.OUT_OF_MEMORY: Rule.MEMORY_LIMIT,
    }
    if CheckName.TRAINING in failed and training.outcome in rules:
        rule = rules[training.outcome]
        return (Hint(rule, None, messages.training_hint(rule)),)
    if CheckName.ACCURACY in failed:
        rule = Rule.BELOW_THRESHOLD
        return (Hint(rule, None, messages.training_hint(rule)),)
    return ()


def _notes(evidence: Evidence) -> tuple[str, ...]:
    description = evidence.described.description
    codes = [*description.notes]
    if evidence.comparison:
        codes += evidence.comparison.notes
    elif description.architecture:
        codes += description.architecture.notes
    return tuple(dict.fromkeys(messages.note_message(code) for code in codes))


def _submitted_totals(evidence: Evidence) -> Totals:
    if evidence.comparison:
        return evidence.comparison.submitted_totals
    return UNKNOWN_TOTALS
