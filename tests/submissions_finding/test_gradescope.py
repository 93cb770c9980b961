"""Exports of Gradescope, with the list of who handed in what."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.messages import notice_messages
from grader.records import HandIn, Student, System
from grader.submissions.gradescope import MetadataError, read_metadata

if TYPE_CHECKING:
    from grader.submissions import Found

Write = Callable[..., Path]
Find = Callable[..., "Found"]
Zipped = Callable[[Mapping[str, bytes | str]], bytes]

# The keys and the times of a Ruby program; a student number keeps its zeros, "No" is a name.
METADATA = """---
submission_101:
  :submitters:
  - :name: Jane Doe
    :sid: 00123
    :email: jane@example.org
  :created_at: 2024-05-06 07:08:09.123456000 Z
  :score: 3.5
  :status: processed
  :results:
    tests: [{name: a, tags: [b, {c: d}]}]
  :history:
  - :submitters: []
    :created_at: 2024-05-05 07:08:09.000000000 Z
    :id: 99
submission_102:
  :submitters:
  - :name: Jörg Groß
    :sid: '124'
    :email: joerg@example.org
  - :name: No
    :sid:
    :email: no@example.org
  :created_at: 2024-05-06 09:08:09.000000000 +02:00
  :history: []
submission_103:
  :submitters:
  - :name: Jane Doe
    :sid: 00123
    :email: jane@example.org
  :created_at: 2024-05-01 00:00:00.000000000 Z
../../submission_104:
  :submitters:
  - :name: Mallory
"""


@pytest.mark.parametrize("is_zipped", [True, False])
def test_an_export_gives_names_numbers_times_and_groups(
    *, is_zipped: bool, write: Write, find: Find, zipped: Zipped
) -> None:
    """From the list; of two submissions of one student the later counts."""
    root = "assignment_9_export"
    members = {
        f"{root}/submission_metadata.yml": METADATA,
        f"{root}/submission_101/fc_a.py": "x = 1",
        f"{root}/submission_102/work/fc_a.py": "x = 2",
        f"{root}/submission_103/fc_a.py": "x = 3",
        f"{root}/submission_104/fc_a.py": "x = 4",
    }
    if is_zipped:
        write("export.zip", zipped(members))
    for path, content in members.items():
        write(path, content)

    found = find("export.zip" if is_zipped else root)

    jane, group, unlisted = found.submissions
    assert Student("Jane Doe", "00123", "jane@example.org") == jane.student
    assert (2, "2024-05-06T07:08:09+00:00") == (jane.attempt, jane.submitted_at)
    assert [b"x = 1"] == [source.code for source in jane.sources["fc_a"]]
    assert HandIn(System.GRADESCOPE, "submission_101") == jane.hand_in
    assert "submission_103" in notice_messages(jane.notices)[0]
    assert Student("Jörg Groß and No") == group.student
    assert group.hand_in is not None
    assert (
        Student("Jörg Groß", "124", "joerg@example.org"),
        Student("No", None, "no@example.org"),
    ) == group.hand_in.members
    assert "2024-05-06T07:08:09+00:00" == group.submitted_at
    assert Student("submission_104") == unlisted.student


def test_each_sheet_keeps_its_time(write: Write, find: Find) -> None:
    """Of two assignments for different sheets both count, each handed in when it was."""
    for number, name, day in ((1, "fc_a", 1), (2, "cnn_a", 14)):
        root = f"assignment_{number}_export"
        write(
            f"{root}/submission_metadata.yml",
            "submission_7:\n  :submitters:\n  - :name: Jane Doe\n    :sid: 123\n"
            f"  :created_at: 2026-03-{day:02} 12:00:00 Z\n",
        )
        write(f"{root}/submission_7/{name}.py", "x = 1")

    (jane,) = find("assignment_1_export", "assignment_2_export").submissions

    assert {"fc_a", "cnn_a"} == set(jane.sources)
    assert "2026-03-14T12:00:00+00:00" == jane.submitted_at
    assert {"fc_a": "2026-03-01T12:00:00+00:00"} == jane.times


def test_without_a_readable_list_the_folders_are_graded_all_the_same(
    write: Write, find: Find
) -> None:
    """The names of the folders stand in for the students', which is said."""
    write("export/submission_metadata.yml", "submission_101: [")
    write("export/submission_101/fc_a.py")
    write("export/submission_102/fc_a.py")

    found = find("export")

    assert ["submission_101", "submission_102"] == [s.id for s in found.submissions]
    told = notice_messages(found.notices)
    assert 1 == len(told)
    assert told[0].startswith("submission_metadata.yml could not be read: while parsing")


def test_equal_names_alone_are_not_one_person(write: Write, find: Find) -> None:
    """Without number and address nobody can tell."""
    entry = "submission_{}:\n  :submitters:\n  - :name: Jane Doe\n"
    write("export/submission_metadata.yml", entry.format(1) + entry.format(2))
    write("export/submission_1/fc_a.py", "x = 1")
    write("export/submission_2/fc_a.py", "x = 2")

    found = find("export")

    assert ["Jane Doe", "Jane Doe"] == [s.student.name for s in found.submissions]


def test_a_students_own_list_is_no_export(write: Write, find: Find) -> None:
    """In a student's folder the file means nothing."""
    write("class/mallory/submission_metadata.yml", METADATA)
    write("class/mallory/submission_101/fc_a.py")
    write("class/jane/fc_a.py")

    found = find("class")

    assert ["jane", "mallory"] == [s.student.name for s in found.submissions]


@pytest.mark.parametrize(
    "content",
    [
        "[" * 1_000_000,
        "{a: " * 1_000_000,
        "- " * 1_000_000,
        "a: &a [*a, *a]\nb: [*a",
        "\0",
        "- submission_1",
        "a" * 1000,
    ],
)
def test_a_list_that_is_none_is_refused_at_once(content: str) -> None:
    """Depth, references and damage cost nothing."""
    start = time.process_time()

    with pytest.raises(MetadataError):
        read_metadata(content.encode())
    assert time.process_time() - start < 5


def test_references_and_tags_are_not_followed() -> None:
    """A bomb of references stays as small as it is written, and no tag makes an object."""
    bomb = "a: &a {':submitters': [x, x]}\n" + "".join(
        f"{key}: &{key} {{':submitters': [{', '.join([f'*{before}'] * 9)}]}}\n"
        for before, key in zip("abcdefgh", "bcdefghi", strict=True)
    )
    tagged = "s:\n  :created_at: !!python/object/apply:os.system ['false']\n  :submitters: !x [1]"

    assert 9 == len(read_metadata(bomb.encode()))
    assert None is read_metadata(tagged.encode())["s"].submitted_at
