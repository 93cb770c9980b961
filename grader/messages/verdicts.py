"""Telling: the sentences that a student reads about a grade."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from grader.messages.curves import curve_question
from grader.records import Check, CheckName, Grade, Outcome, Part, PartGrade, Target

_OUTCOME_WORDS: Mapping[Outcome, str] = MappingProxyType(
    {
        Outcome.PASSED: "passed",
        Outcome.FAILED: "not yet",
        Outcome.NOT_ATTEMPTED: "not attempted",
        Outcome.SKIPPED: "not checked",
        Outcome.ERROR: "did not load",
        Outcome.TIMED_OUT: "out of time",
        Outcome.OUT_OF_MEMORY: "out of memory",
        Outcome.GRADER_ERROR: "grader trouble",
    }
)

_CHECK_TITLES: Mapping[CheckName, str] = MappingProxyType(
    {
        CheckName.LOADS: "The file gives a network",
        CheckName.ARCHITECTURE: "The layers match the table",
        CheckName.OUTPUT: "The output is one probability per person",
        CheckName.TRAINING: "The training finishes",
        CheckName.ACCURACY: "The test accuracy reaches the threshold",
    }
)
# Where networks tell something else than persons.
_OTHER_TITLES: Mapping[tuple[CheckName, Target], str] = MappingProxyType(
    {
        (CheckName.OUTPUT, Target.CLASSES): "The output is one probability per class",
        (CheckName.OUTPUT, Target.YES_OR_NO): "The output is one probability",
        (CheckName.OUTPUT, Target.NUMBERS): "The output is finite numbers",
        (CheckName.ACCURACY, Target.NUMBERS): "The test error is small enough",
    }
)

_ALL_DONE: Mapping[int, str] = MappingProxyType(
    {1: "The one part is done.", 2: "Both parts are done."}
)


def outcome_word(outcome: Outcome) -> str:
    """The outcome in a word or two, as it stands beside a mark."""
    return _OUTCOME_WORDS[outcome]


def check_title(name: CheckName, target: Target = Target.PERSONS) -> str:
    """What the check makes sure of, as a sentence without its full stop."""
    return _OTHER_TITLES.get((name, target), _CHECK_TITLES[name])


def part_title(part_id: str, parts: Mapping[str, Part]) -> str:
    """The title of a part, or its id where no sheet knows it."""
    return parts[part_id].title if part_id in parts else part_id


def verdict(grade: Grade, parts: Mapping[str, Part]) -> str:
    """One or two sentences: how many parts are done, and whose trouble the rest is."""
    num_parts = len(grade.parts)
    num_passed = _count(grade, Outcome.PASSED)
    if num_parts == 0:
        return "Nothing was asked for, so nothing was graded."
    if num_passed == num_parts:
        done = _ALL_DONE.get(num_parts, f"All {num_parts} parts are done.")
    elif _count(grade, Outcome.NOT_ATTEMPTED) == num_parts:
        done = "No part has been started yet."
    else:
        is_done = f"{num_passed} of {num_parts} parts {'is' if num_passed == 1 else 'are'} done."
        done = is_done if num_passed else "No part is done yet."
        done += _near(sum(map(_has_network, grade.parts)), others=num_passed)
    troubled = [part_title(p.part, parts) for p in grade.parts if p.outcome is Outcome.GRADER_ERROR]
    if troubled:
        done += (
            f" The grader itself had trouble with {', '.join(troubled)}: this is not your fault."
        )
    return done


def next_step(grade: Grade, parts: Mapping[str, Part]) -> str:
    """The one thing to do next: in the first part that is not done, else for an open question."""
    pending = next_part(grade)
    if pending is not None:
        return _step(pending)
    if _count(grade, Outcome.GRADER_ERROR):
        return "There is nothing for you to do: your instructor can have it graded once more."
    for part_grade in grade.parts:
        if part_grade.part in parts and _is_unanswered(part_grade, parts[part_grade.part]):
            return f"Write your answer to the question of {part_grade.part} into its ANSWER."
    return curve_question(grade)


def next_part(grade: Grade) -> PartGrade | None:
    """The first part that is not done and that the student can do something about."""
    settled = {Outcome.PASSED, Outcome.GRADER_ERROR}
    return next((part for part in grade.parts if part.outcome not in settled), None)


def first_open_check(part_grade: PartGrade) -> Check | None:
    """The check that decided the part's outcome: the first that was tried and did not pass."""
    return next((c for c in part_grade.checks if not c.outcome.is_settled), None)


def _step(part_grade: PartGrade) -> str:
    # The part by its id: it may have been handed in as a file or as a cell of a notebook.
    part = part_grade.part
    if part_grade.outcome is Outcome.NOT_ATTEMPTED and not part_grade.hints:
        return f"Write build_model() of {part}, row by row from its table."
    if part_grade.outcome is Outcome.SKIPPED:
        return f"Check {part} once more: its checks were not finished."
    hint = next(iter(part_grade.hints), None)
    if hint is not None and hint.row is not None:
        return f"{part}, row {hint.row}: {hint.message}"
    check = first_open_check(part_grade)
    # Its first line: below that stand lines of the file. A hint needs it, and may be part of it.
    found = check.message.partition("\n")[0] if check else outcome_word(part_grade.outcome)
    place = "" if found.startswith(part) else f"{part}: "
    if hint is None or hint.message in found:
        return f"{place}{found}"
    return f"{place}{found}{'' if found.endswith(('.', '!', '?')) else '.'} {hint.message}"


def _has_network(part_grade: PartGrade) -> bool:
    """Whether the network is that of the table, and the part not done for all that."""
    checks = {check.name: check.outcome for check in part_grade.checks}
    right = checks.get(CheckName.ARCHITECTURE) is Outcome.PASSED
    return right and part_grade.outcome is not Outcome.PASSED


def _near(number: int, others: int) -> str:
    if not number:
        return ""
    more = " more" if others else ""
    return f" {number}{more} {'has' if number == 1 else 'have'} the network of the table already."


def _is_unanswered(part_grade: PartGrade, part: Part) -> bool:
    return bool(part.question) and not part_grade.answer.strip()


def _count(grade: Grade, outcome: Outcome) -> int:
    return sum(part.outcome is outcome for part in grade.parts)
