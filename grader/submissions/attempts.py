"""Finding: which of several hand-ins of one student counts; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from grader.records import Notice, Submission


@dataclass(frozen=True)
class Attempt:
    """One hand-in, read. `shown` is what a person recognises it by.

    `moment` orders the hand-ins of one student: by the platform's time, its number of the upload,
    and the time of the files.
    """

    submission: Submission
    shown: str
    moment: tuple[str, int, float]


def counting(attempts: Sequence[Attempt]) -> Submission:
    """The latest as the student's submission; of equally late ones the last given.

    Hand-ins that have no part in common are for different sheets, and each of them counts.
    """
    *earlier, latest = sorted(attempts, key=lambda attempt: attempt.moment)
    submission = latest.submission
    aside: list[str] = []
    for attempt in reversed(earlier):
        other = attempt.submission
        if other.sources.keys() & submission.sources.keys() or not other.sources:
            aside.append(attempt.shown)
        elif submission.sources:
            notices = (*submission.notices, *other.notices)
            sources = {**submission.sources, **other.sources}
            times = {**submission.times, **dict.fromkeys(other.sources, other.submitted_at)}
            submission = replace(submission, sources=sources, notices=notices, times=times)
        else:
            aside.append(attempt.shown)
    if not aside:
        return submission
    left_aside = Notice("attempts", {"path": latest.shown, "others": tuple(reversed(aside))})
    return replace(
        submission,
        notices=(left_aside, *submission.notices),
        attempt=max(submission.attempt, 1 + len(aside)),
    )
