"""Words: the three kinds of fault that are never mixed.

A fault of the submission is no exception at all: it is an `Outcome`. A fault of the author's (a
broken sheet) or of the person at the keyboard is a `UsageError` or `SheetError` and ends the
program with 2. A fault of the grader's own is a `GraderError` and ends it with 3.
"""

from __future__ import annotations


class EightFacesError(Exception):
    """Base of all errors that the grader raises on purpose; the text is a sentence for people."""


class UsageError(EightFacesError):
    """The command was given something that it cannot work with (exit code 2)."""


class SheetError(UsageError):
    """A sheet, a table or a threshold is broken: the author's to mend (exit code 2)."""


class SummaryError(SheetError):
    """A printed summary that cannot be read; says line, text and what was expected there."""


class GraderError(EightFacesError):
    """The grader itself failed; never counted against a student (exit code 3)."""


class LostProcessError(GraderError):
    """A process of the grader's was lost before it had begun; once more, it may go well."""
