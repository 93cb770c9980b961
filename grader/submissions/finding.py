"""Finding: from the paths that a person gave to one `Submission` per student."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from grader.records import Notice, Student, Submission
from grader.submissions.attempts import Attempt, counting
from grader.submissions.batches import Unread, batch_at, whole_folder
from grader.submissions.names import student_name, submission_ids
from grader.submissions.parts import find_parts
from grader.submissions.senders import Sender, notices_of
from grader.submissions.wanted import Wanted
from grader.submissions.workspace import workspace
from grader.text import printable_name

_NO_STUBS: Mapping[str, bytes] = MappingProxyType({})
_NO_IDS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Found:
    """The submissions in the order of their ids.

    `single` says that one path was given and that it was one submission. `notices` are those that
    belong to no submission. There may be no submissions. `origins` are the paths that were given,
    made absolute.
    """

    submissions: tuple[Submission, ...]
    single: bool
    notices: tuple[Notice, ...] = ()
    origins: tuple[str, ...] = ()


def find_submissions(
    paths: Sequence[Path],
    part_ids: Collection[str],
    *,
    sheet_ids: Collection[str] = (),
    stubs: Mapping[str, bytes] = _NO_STUBS,
    known_ids: Mapping[str, str] = _NO_IDS,
) -> Found:
    """What the students handed in at these paths.

    `sheet_ids` are names of folders in which parts lie; `stubs` the untouched stubs by part,
    which give way to any other candidate; `known_ids` the ids that earlier runs gave, by place.
    Raises UsageError when a path cannot be read.
    """
    origins = list(dict.fromkeys(path.resolve() for path in paths))
    wanted = Wanted(tuple(part_ids), tuple(sheet_ids), stubs)
    with ExitStack() as spaces:
        batches = [batch_at(path, wanted, spaces) for path in origins]
        unread = [one for batch in batches for one in batch.unread]
        notices = tuple(notice for batch in batches for notice in batch.notices)
        read = [(one, _read(one, wanted)) for one in unread]
    submissions = sorted(_by_student(read, known_ids), key=lambda submission: submission.id)
    single = len(batches) == 1 and batches[0].single
    return Found(tuple(submissions), single, notices, tuple(map(str, origins)))


def read_folder(
    folder: Path,
    name: str,
    part_ids: Collection[str],
    *,
    sheet_ids: Collection[str] = (),
    stubs: Mapping[str, bytes] = _NO_STUBS,
) -> Submission:
    """The folder as the one submission of that name, however the student sorted what lies in it.

    There may be no parts in it; what the grader itself could not read is its `trouble`.
    """
    wanted = Wanted(tuple(part_ids), tuple(sheet_ids), stubs)
    return _read(whole_folder(folder, name), wanted).submission


def _read(unread: Unread, wanted: Wanted) -> Attempt:
    """The submission, with its name for an id until it is known who else handed in."""
    sender = unread.sender or Sender(Student(student_name(unread.name)))
    submission = Submission(
        unread.name,
        sender.student,
        {},
        notices_of(sender),
        attempt=sender.attempt,
        submitted_at=sender.submitted_at,
        hand_in=sender.hand_in,
        place=unread.place,
    )
    modified = 0.0
    try:
        with workspace() as space:
            tree = unread.tree(space)
            found = find_parts(tree, wanted)
        modified = max((file.modified for file in tree.files), default=0.0)
        all_notices = (*submission.notices, *found.notices)
        submission = replace(submission, sources=found.sources, notices=all_notices)
    except Exception as error:  # noqa: BLE001 - one that cannot be read stops no other
        submission = replace(submission, trouble=_trouble(error))
    shown = "/".join(unread.place.split("/")[-2:])
    return Attempt(submission, shown, (sender.submitted_at or "", sender.upload, modified))


def _by_student(
    read: Sequence[tuple[Unread, Attempt]], known_ids: Mapping[str, str]
) -> Iterator[Submission]:
    """One submission of each student, with its id."""
    people: dict[tuple[str, ...], list[tuple[Unread, Attempt]]] = {}
    for number, (unread, attempt) in enumerate(read):
        person = unread.sender.person if unread.sender else ()
        people.setdefault(person or (str(number),), []).append((unread, attempt))
    counted = [counting([attempt for _, attempt in group]) for group in people.values()]
    # Where the names differ, the first: a later hand-in leaves the id as it is.
    firsts = [group[0][0] for group in people.values()]
    ids = submission_ids([(unread.name, unread.place) for unread in firsts], known_ids)
    for id_, first, submission in zip(ids, firsts, counted, strict=True):
        yield replace(submission, id=id_, place=first.place)


def _trouble(error: Exception) -> str:
    return (
        f"The grader could not read this submission: {type(error).__name__}: "
        f"{printable_name(str(error))}. This is not the student's fault; grade it again, and if "
        "that comes back, please report it."
    )
