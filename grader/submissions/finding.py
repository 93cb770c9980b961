"""Finding: from the paths that a person gave to one `Submission` per student."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from grader.records import Notice, Student, Submission
from grader.submissions.attempts import Attempt, counting
from grader.submissions.batches import Unread, batch_at
from grader.submissions.names import student_name, submission_ids
from grader.submissions.parts import find_parts
from grader.submissions.senders import Sender, notices_of
from grader.submissions.wanted import Wanted
from grader.submissions.workspace import workspace

_NO_STUBS: Mapping[str, bytes] = MappingProxyType({})


@dataclass(frozen=True)
class Found:
    """The submissions in the order of their ids.

    `single` says that one path was given and that it was one submission. `notices` are those that
    belong to no submission. There may be no submissions.
    """

    submissions: tuple[Submission, ...]
    single: bool
    notices: tuple[Notice, ...] = ()


def find_submissions(
    paths: Sequence[Path],
    part_ids: Collection[str],
    *,
    sheet_ids: Collection[str] = (),
    stubs: Mapping[str, bytes] = _NO_STUBS,
) -> Found:
    """What the students handed in at these paths.

    `sheet_ids` are names of folders in which parts lie; `stubs` the untouched stubs by part,
    which give way to any other candidate. Raises UsageError when a path cannot be read.
    """
    wanted = Wanted(tuple(part_ids), tuple(sheet_ids), stubs)
    with ExitStack() as spaces:
        batches = [
            batch_at(path, wanted, spaces) for path in dict.fromkeys(p.resolve() for p in paths)
        ]
        unread = [one for batch in batches for one in batch.unread]
        notices = tuple(notice for batch in batches for notice in batch.notices)
        read = [(one, _read(one, wanted)) for one in unread]
    submissions = sorted(_by_student(read), key=lambda submission: submission.id)
    return Found(tuple(submissions), len(batches) == 1 and batches[0].single, notices)


def _read(unread: Unread, wanted: Wanted) -> Attempt:
    """The submission, with its name for an id until it is known who else handed in."""
    sender = unread.sender or Sender(Student(student_name(unread.name)))
    with workspace() as space:
        tree = unread.tree(space)
        found = find_parts(tree, wanted)
    submission = Submission(
        unread.name,
        sender.student,
        found.sources,
        (*notices_of(sender), *found.notices),
        attempt=sender.attempt,
        submitted_at=sender.submitted_at,
        hand_in=sender.hand_in,
    )
    modified = max((file.modified for file in tree.files), default=0.0)
    shown = "/".join(unread.place.split("/")[-2:])
    return Attempt(submission, shown, (sender.submitted_at or "", sender.upload, modified))


def _by_student(read: Sequence[tuple[Unread, Attempt]]) -> Iterator[Submission]:
    """One submission of each student, with its id."""
    people: dict[tuple[str, ...], list[tuple[Unread, Attempt]]] = {}
    for number, (unread, attempt) in enumerate(read):
        person = unread.sender.person if unread.sender else ()
        people.setdefault(person or (str(number),), []).append((unread, attempt))
    counted = [counting([attempt for _, attempt in group]) for group in people.values()]
    # Where the names differ, the first: a later hand-in leaves the id as it is.
    firsts = [group[0][0] for group in people.values()]
    ids = submission_ids([(unread.name, unread.place) for unread in firsts])
    for id_, submission in zip(ids, counted, strict=True):
        yield replace(submission, id=id_)
