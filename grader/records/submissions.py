"""Words: what was handed in, and by whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True)
class Student:
    """Who handed in; what the format of the hand-in does not tell is None."""

    name: str
    id: str | None = None
    email: str | None = None


class System(StrEnum):
    """The learning platform whose download was recognised."""

    MOODLE = "moodle"
    CANVAS = "canvas"
    GRADESCOPE = "gradescope"


@dataclass(frozen=True)
class HandIn:
    """What a learning platform's download tells of a submission beside its student.

    `name` is the platform's own for it, letter by letter: the folder's in Moodle and Gradescope
    (`Jane Doe_123_assignsubmission_file`; of a flat download what stands before the file's name),
    what stands before the attachment's number in Canvas (`doejane_LATE_12345`). `members` are all
    who handed in together, where the platform names several.
    """

    system: System
    name: str
    late: bool = False
    members: tuple[Student, ...] = ()


@dataclass(frozen=True)
class Source:
    """One candidate for a part: Python source as bytes (its declared encoding counts).

    `path` is what the student would recognise: a path in the submission, for a notebook with its
    cell. `helpers` maps names of further modules beside the file to their sources.
    """

    part: str
    path: str
    code: bytes
    helpers: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Notice:
    """Something noticed in a hand-in, before it is put into words.

    `code` says what; `values` hold names as they stand in the hand-in, and numbers.
    """

    code: str
    values: Mapping[str, str | int | tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Submission:
    """What one student handed in: per part id the candidates found, and what was noticed.

    `hand_in` is None for what came from no learning platform.
    `submitted_at` is when it was handed in; `times` has that of parts from an earlier hand-in.
    `place` is where it lies: the path that was given, or that with a name below it.
    `trouble` is why the grader itself could not read it, in a sentence; empty where it could.
    """

    id: str
    student: Student
    sources: Mapping[str, tuple[Source, ...]]
    notices: tuple[Notice, ...] = ()
    attempt: int = 1
    submitted_at: str | None = None
    hand_in: HandIn | None = None
    place: str = ""
    trouble: str = ""
    times: Mapping[str, str | None] = field(default_factory=dict)
