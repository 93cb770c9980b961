"""Gradebook: whose submissions are there, of all that a list names; pure."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from grader.records import Grade, Student, Unclear

# What a student is known by. A submission's name may be a number or an address: it is what stands
# `otherwise` where a submission has none.
_Keys = Callable[[Student, str | None], set[str]]


@dataclass(frozen=True)
class Matched:
    """Who of a roster handed in nothing, and for whom that cannot be told."""

    missing: tuple[Student, ...] = ()
    unclear: tuple[Unclear, ...] = ()


def match(students: Sequence[Student], grades: Sequence[Grade]) -> Matched:
    """Whose submission is there: by id, then by address, then by the name; nothing is guessed.

    Where several students, or several submissions, have the same, it is unclear whose is whose.
    """
    waiting, left = list(students), list(grades)
    unclear: list[Unclear] = []
    for keys in (_ids, _addresses, _names):
        step = _Step(keys, waiting, left)
        waiting, left = step.waiting, step.left
        unclear += step.unclear
    return Matched(tuple(waiting), tuple(unclear))


class _Step:
    """One way to match: who is still `waiting` after it, and which grades are `left`."""

    def __init__(self, keys: _Keys, students: Sequence[Student], grades: Sequence[Grade]) -> None:
        holders: dict[str, list[Grade]] = defaultdict(list)
        for grade in grades:
            for key in keys(grade.student, grade.student.name):
                holders[key].append(grade)
        namesakes = Counter(key for student in students for key in keys(student, None))
        self.waiting: list[Student] = []
        self.unclear: list[Unclear] = []
        taken: set[str] = set()
        for student in students:
            mine = keys(student, None)
            found = {
                grade.submission
                for key in mine
                for grade in holders[key]
                if not _are_others(student, grade.student)
            }
            taken |= found
            if not found:
                self.waiting.append(student)
            elif len(found) > 1 or any(namesakes[key] > 1 for key in mine):
                self.unclear.append(Unclear(student, tuple(sorted(found))))
        self.left = [grade for grade in grades if grade.submission not in taken]


def _ids(student: Student, otherwise: str | None) -> set[str]:
    return _plain(student.id or otherwise)


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
    return bool(one.id and other.id and _plain(one.id) != _plain(other.id))
