"""Telling: what is said of a submission, in sentences built from what was found and compared.

Words that are the same whatever was found, such as headings and legends, stand where they are
shown; what is said of a wrong call, where that is noticed.
"""

from grader.messages.adjustments import adjustment_message, deduction_message, mark_message
from grader.messages.autograder import NoResult, no_result_message
from grader.messages.checks import (
    SkipReason,
    accuracy_message,
    architecture_message,
    loads_message,
    output_fault,
    output_message,
    skipped_message,
    stopped_message,
)
from grader.messages.faults import fault_hint, fault_message
from grader.messages.feedback import feedback_lines
from grader.messages.findings import finding_message
from grader.messages.lateness import late_reason
from grader.messages.notebooks import (
    after_check,
    after_training,
    before_training,
    checking_message,
    interrupted_message,
    interruptible_message,
    nothing_to_compare,
)
from grader.messages.notes import SAME, note_message
from grader.messages.notices import notice_messages
from grader.messages.rules import rule_title
from grader.messages.steps import again_command, steps_message, to_be_trained
from grader.messages.trainings import (
    budget_message,
    not_finite_message,
    out_of_memory_message,
    progress_message,
    refused_message,
    timed_out_message,
    training_hint,
    training_message,
)
from grader.messages.verdicts import (
    check_title,
    first_open_check,
    next_part,
    next_step,
    outcome_word,
    part_title,
    verdict,
)
from grader.messages.words import count, duration, error_text, example_word, sentence

__all__ = [
    "SAME",
    "NoResult",
    "SkipReason",
    "accuracy_message",
    "adjustment_message",
    "after_check",
    "after_training",
    "again_command",
    "architecture_message",
    "before_training",
    "budget_message",
    "check_title",
    "checking_message",
    "count",
    "deduction_message",
    "duration",
    "error_text",
    "example_word",
    "fault_hint",
    "fault_message",
    "feedback_lines",
    "finding_message",
    "first_open_check",
    "interrupted_message",
    "interruptible_message",
    "late_reason",
    "loads_message",
    "mark_message",
    "next_part",
    "next_step",
    "no_result_message",
    "not_finite_message",
    "note_message",
    "nothing_to_compare",
    "notice_messages",
    "out_of_memory_message",
    "outcome_word",
    "output_fault",
    "output_message",
    "part_title",
    "progress_message",
    "refused_message",
    "rule_title",
    "sentence",
    "skipped_message",
    "steps_message",
    "stopped_message",
    "timed_out_message",
    "to_be_trained",
    "training_hint",
    "training_message",
    "verdict",
]
