"""Finding: whose a hand-in is, by what its platform wrote."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from grader.records import HandIn, Notice, Student, System
from grader.submissions.names import student_name
from grader.submissions.platforms import Label, file_label, folder_label

_REPOSITORIES = "-submissions"


@dataclass(frozen=True)
class Sender:
    """Whose a submission is, and what else its platform tells.

    `person` is the same for all hand-ins of one student or group, and empty where that is unknown.
    """

    student: Student
    person: tuple[str, ...] = ()
    hand_in: HandIn | None = None
    attempt: int = 1
    submitted_at: str | None = None
    upload: int = 0


@dataclass(frozen=True)
class Entry:
    """What the list in a Gradescope export says of one submission.

    `submitted_at` is ISO 8601 in UTC; `attempt` counts this submission and the earlier ones.
    """

    submitters: tuple[Student, ...]
    submitted_at: str | None
    attempt: int


def sender_of(name: str, *, is_folder: bool) -> Sender | None:
    """Whose the single folder or file with this name is, if a platform named it."""
    label = folder_label(name) if is_folder else file_label(name)
    if label is None:
        return None
    sender = labelled([label])
    # One name alone may look like Canvas' by chance: no two hand-ins are taken for one person's.
    return replace(sender, person=()) if label.system is System.CANVAS else sender


def labelled(labels: Sequence[Label], attempt: int = 1) -> Sender:
    """The sender of what has these labels of one student."""
    label = main_label(labels)
    name = student_name(label.student)
    # A Canvas name may be the student's own choice, and its number is not all of it then.
    who = (label.id or name,) if label.system is System.MOODLE else (name, label.id or "")
    return Sender(
        Student(name, label.id),
        (label.system, *who),
        hand_in=HandIn(label.system, label.name, label.late),
        attempt=attempt,
        upload=label.upload,
    )


def main_label(labels: Iterable[Label]) -> Label:
    """Of Moodle's folders the one with the files, of Canvas' attachments the last."""
    return max(labels, key=lambda label: (not label.is_text, label.upload))


def listed(folder: str, entry: Entry | None) -> Sender:
    """The sender of the folder in a Gradescope export with this entry, if there is one."""
    if entry is None or not entry.submitters:
        return Sender(Student(folder), hand_in=HandIn(System.GRADESCOPE, folder))
    people = entry.submitters
    is_group = len(people) > 1
    # Of equal names alone nobody can tell whether they are one person's.
    known = sorted(person.id or person.email or "" for person in people)
    return Sender(
        Student(" and ".join(person.name for person in people)) if is_group else people[0],
        person=(System.GRADESCOPE, *known) if all(known) else (),
        hand_in=HandIn(System.GRADESCOPE, folder, members=people if is_group else ()),
        attempt=entry.attempt,
        submitted_at=entry.submitted_at,
    )


def repository_owner(folder: str, collection: str) -> Sender | None:
    """The account whose repository was cloned into this folder of GitHub Classroom's.

    Its folder of all repositories is called `hw1-submissions`, each in it `hw1-account`.
    """
    assignment = collection.removesuffix(_REPOSITORIES)
    account = folder.removeprefix(f"{assignment}-")
    if not collection.endswith(_REPOSITORIES) or account in {"", folder}:
        return None
    return Sender(Student(student_name(account), student_name(account)))


def notices_of(sender: Sender) -> tuple[Notice, ...]:
    """What the platform tells that a reader of the page has to know."""
    hand_in = sender.hand_in
    if hand_in is None:
        return ()
    system = hand_in.system.capitalize()
    notices = []
    if hand_in.late:
        notices.append(Notice("late", {"system": system}))
    if sender.attempt > 1:
        notices.append(Notice("attempt", {"system": system, "attempt": sender.attempt}))
    if hand_in.members:
        names = tuple(member.name for member in hand_in.members)
        notices.append(Notice("together", {"names": names}))
    return tuple(notices)
