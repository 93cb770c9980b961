"""The first sentence of a report, and the one next step, with the student's own numbers."""

from __future__ import annotations

from grader import messages
from grader.records import (
    Check,
    CheckName,
    Grade,
    Hint,
    History,
    Outcome,
    PartGrade,
    Rule,
    Splits,
    Student,
    Training,
)

PASSED, FAILED = Outcome.PASSED, Outcome.FAILED
BELOW = Hint(Rule.BELOW_THRESHOLD, None, "Look at your settings.")


def part(name: str, check: CheckName, outcome: Outcome, message: str, *hints: Hint) -> PartGrade:
    """A part whose checks pass up to this one, which has the outcome and the sentence."""
    before = list(CheckName)[: list(CheckName).index(check)]
    passed = [Check(one, PASSED, 1.0, 1.0, "") for one in before]
    checks = (*passed, Check(check, outcome, 0.0, 1.0, message))
    return PartGrade(name, outcome, 0.0, 5.0, checks, hints=hints)


def done(name: str, valid: tuple[float, ...] = ()) -> PartGrade:
    """A part that passed, with its validation loss over three epochs."""
    made = part(name, CheckName.ACCURACY, PASSED, "")
    if not valid:
        return made
    history = History((2.0, 1.0, 0.5), (0.0,) * 3, valid, (0.0,) * 3)
    splits = Splits(1.0, 0.5, 0.5)
    training = Training("k", PASSED, splits, splits, 3, 1.0, 1.0, 1, 1, history, (), ())
    return PartGrade(name, PASSED, 5.0, 5.0, made.checks, training=training)


def told(*parts: PartGrade) -> tuple[str, str]:
    """The verdict and the next step."""
    grade = Grade("s", Student("S"), 0.0, 5.0, parts, "index.html")
    return messages.verdict(grade, {}), messages.next_step(grade, {})


def test_a_right_network_below_the_threshold_is_progress() -> None:
    """The verdict counts it, and the next step has the number reached and the one needed."""
    sentence = "Test accuracy 0.120, below the threshold of 0.393."

    verdict, step = told(part("fc_a", CheckName.ACCURACY, FAILED, sentence, BELOW))

    assert verdict == "No part is done yet. 1 has the network of the table already."
    assert step == f"fc_a: {sentence} Look at your settings."


def test_a_fault_is_told_with_its_line_before_its_advice() -> None:
    """Python's sentence comes first, without the lines of the file that stand below it."""
    message = "fc_b.py, line 12: SyntaxError: '(' was never closed\n  layers.Dense("
    hint = Hint(Rule.SYNTAX_ERROR, None, "A bracket is missing, on that line or just above.")

    verdict, step = told(done("fc_a"), part("fc_b", CheckName.LOADS, Outcome.ERROR, message, hint))

    assert verdict == "1 of 2 parts is done."
    assert step == f"fc_b.py, line 12: SyntaxError: '(' was never closed. {hint.message}"


def test_who_is_done_is_asked_about_the_loss_that_rose_most() -> None:
    """The question has the best epoch, and what both curves did after it."""
    verdict, step = told(done("fc_a", (1.5, 1.4, 1.3)), done("fc_b", (1.6, 1.4, 1.5)))

    assert verdict == "Both parts are done."
    assert step == (
        "Look at the loss of fc_b: on the validation images it is lowest in epoch 2, at 1.400, "
        "and rises to 1.500, while on the training images it goes from 1.000 to 0.500. What does "
        "the network learn after epoch 2?"
    )


def test_where_validation_still_rises_more_epochs_are_the_question() -> None:
    """The best epoch is the last."""
    _, step = told(done("fc_a", (1.5, 1.4, 1.3)))

    assert step == (
        "Look at the loss of fc_a: on the validation images it is lowest in the last epoch, at "
        "1.300. Would more epochs bring more?"
    )
