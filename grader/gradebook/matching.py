"""Gradebook: whose submissions are there, of all that a list names; pure."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from grader.records import Grade, Student, System, Unclear

# What a student is known by. A submission's name may be a number or an address: it is what stands
# `otherwise` where a submission has none.
_Keys = Callable[[Student, str | None], set[str]]


@dataclass(frozen=True)
class Matched:
    """Who of a roster handed in nothing, and for whom that cannot be told."""

    missing: tuple[Student, ...] = ()
    unclear: tuple[Unclear, ...] = ()


@dataclass(frozen=True)
class _Sender:
    """One of those who handed in a submission."""

    submission: str
    student: Student


def match(students: Sequence[Student], grades: Sequence[Grade]) -> Matched:
    """Whose submission is there: by id, then by address, then by the name; nothing is guessed.

    Where several students, or several submissions, have the same, it is unclear whose is whose.
    """
    waiting = list(students)
    left = [sender for grade in grades for sender in _senders(grade)]
    unclear: list[Unclear] = []
    for keys in (_ids, _ids_without_zeros, _addresses, _names):
        step = _Step(keys, waiting, left)
        waiting, left = step.waiting, step.left
        unclear += step.unclear
    return Matched(tuple(waiting), tuple(unclear))


def _senders(grade: Grade) -> list[_Sender]:
    """Everyone who handed in together, where their names are known; else the one."""
    hand_in, student = grade.hand_in, grade.student
    if hand_in is not None and hand_in.members:
        return [_Sender(grade.submission, member) for member in hand_in.members]
    if hand_in is not None and hand_in.system is System.MOODLE:
        student = replace(student, id=None)  # the number of Moodle's participant is no student's
    return [_Sender(grade.submission, student)]


class _Step:
    """One way to match: who is still `waiting` after it, and which senders are `left`."""

    def __init__(
        self, keys: _Keys, students: Sequence[Student], senders: Sequence[_Sender]
    ) -> None:
        holders: dict[str, list[_Sender]] = defaultdict(list)
        for sender in senders:
            for key in keys(sender.student, sender.student.name):
                holders[key].append(sender)
        namesakes = Counter(key for student in students for key in keys(student, None))
        self.waiting: list[Student] = []
        self.unclear: list[Unclear] = []
        taken: set[_Sender] = set()
        for student in students:
            mine = keys(student, None)
            found = {
                sender
                for key in mine
                for sender in holders[key]
                if not _are_others(student, sender.student)
            }
            taken |= found
            submissions = sorted({sender.submission for sender in found})
            if not found:
                self.waiting.append(student)
            elif len(submissions) > 1 or any(namesakes[key] > 1 for key in mine):
                self.unclear.append(Unclear(student, tuple(submissions)))
        self.left = [sender for sender in senders if sender not in taken]


def _ids(student: Student, otherwise: str | None) -> set[str]:
    return _plain(student.id or otherwise)


def _ids_without_zeros(student: Student, otherwise: str | None) -> set[str]:
    """Numbers as a spreadsheet leaves them that takes `0012345` for a number."""
    return {_shortened(key) for key in _ids(student, otherwise) if key.isdecimal()}


def _addresses(student: Student, otherwise: str | None) -> set[str]:
    return _plain(student.email or otherwise)


def _names(student: Student, _: str | None) -> set[str]:
    """The name, also with its halves the other way round where a comma parts them."""
    last, _comma, first = student.name.partition(",")
    return _plain(student.name) | (_plain(f"{first} {last}") if first.strip() else set())


def _plain(text: str | None) -> set[str]:
    words = unicodedata.normalize("NFKC", text or "").casefold().replace("_", " ").split()
    return {" ".join(words)} - {""}


def _are_others(one: Student, other: Student) -> bool:
    """Whether their ids say that they are two persons."""
    ids = [{_shortened(key) for key in _plain(student.id)} for student in (one, other)]
    return all(ids) and ids[0] != ids[1]


def _shortened(number: str) -> str:
    return number.lstrip("0") or "0"
