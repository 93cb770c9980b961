"""Downloads of learning platforms: whose what is, and what is said of it."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.messages import notice_messages
from grader.records import HandIn, Student, System

if TYPE_CHECKING:
    from grader.records import Submission
    from grader.submissions import Found

Write = Callable[..., Path]
Find = Callable[..., "Found"]
Zipped = Callable[[Mapping[str, bytes | str]], bytes]
Notebook = Callable[..., str]

MOODLE: dict[str, dict[str, bytes | str]] = {
    "folders": {
        "Jane Doe_123_assignsubmission_file/fc_a.py": "x = 1",
        "Jörg Groß_124_assignsubmission_file/work/fc_a.py": "x = 2",
    },
    "folders of older versions": {
        "Jane Doe_123_assignsubmission_file_/fc_a.py": "x = 1",
        "Jörg Groß_124_assignsubmission_file_/fc_a.py": "x = 2",
        "Jörg Groß_124_assignsubmission_onlinetext_/onlinetext.html": "<p>Hello</p>",
    },
    "flat": {
        "Jane Doe_123_assignsubmission_file_fc_a.py": "x = 1",
        "Jane Doe_123_assignsubmission_file_notes.pdf": "%PDF",
        "Jörg Groß_124_assignsubmission_file_fc_a.py": "x = 2",
    },
    "different parts": {
        "Jane Doe_123_assignsubmission_file/fc_a.py": "x = 1",
        "Jörg Groß_124_assignsubmission_file/fc_b.py": "x = 2",
    },
}
CANVAS: dict[str, bytes | str] = {
    "doejane_LATE_12345_67890_fc_a.py": "x = 1",
    "doejane_LATE_12345_67891_fc_b-1.py": "import helper",
    "doejane_LATE_12345_67892_helper.py": "y = 1",
    "großjörg_12346_67893_fc_a.py": "x = 2",
    "roejim_12347_text.html": (
        "<h1>Faces: Jim</h1>\n<div style='a'>\n  <p># part: fc_a</p><p>x = 3</p>\n</div>"
    ),
    "poejoan_12348_link.html": "<a href='https://example.org'>",
}


def by_name(found: Found) -> dict[str, Submission]:
    """The submissions by name of the student."""
    return {submission.student.name: submission for submission in found.submissions}


def give(name: str, members: Mapping[str, bytes | str], write: Write, zipped: Zipped | None) -> str:
    """The download, unpacked or as the archive that it came in, below an outer folder or not."""
    if zipped is not None:
        write(f"{name}.zip", zipped(members))
        return f"{name}.zip"
    for path, content in members.items():
        write(f"{name}/{path}", content)
    return name


@pytest.mark.parametrize("is_zipped", [True, False])
@pytest.mark.parametrize("layout", MOODLE)
def test_a_moodle_download_is_one_submission_per_student(
    layout: str, *, is_zipped: bool, write: Write, find: Find, zipped: Zipped
) -> None:
    """In every layout, packed or not, with the number by which Moodle's worksheet knows them."""
    path = give("ML-Faces-77", MOODLE[layout], write, zipped if is_zipped else None)

    found = find(path)

    students = by_name(found)
    assert not found.single
    assert {"Jane Doe": "123", "Jörg Groß": "124"} == {
        name: submission.student.id for name, submission in students.items()
    }
    assert all(len(submission.sources) == 1 for submission in students.values())
    hand_in = students["Jane Doe"].hand_in
    assert hand_in is not None
    assert System.MOODLE is hand_in.system
    first = next(iter(MOODLE[layout]))
    assert hand_in.name == first.partition("/")[0].removesuffix("fc_a.py")


def test_files_and_text_of_one_moodle_student_are_one_submission(write: Write, find: Find) -> None:
    """The folder with the files names it, whichever comes first."""
    write("class/Jane Doe_123_assignsubmission_file/fc_a.py")
    write("class/Jane Doe_123_assignsubmission_onlinetext/onlinetext.html", "# part: fc_b<br>x = 1")
    write("class/Jim Roe_124_assignsubmission_onlinetext/Texteingabe.html", "<p># part: fc_a</p>y")
    write("class/Grades.csv", "Identifier")

    found = find("class")

    assert {"fc_a", "fc_b"} == by_name(found)["Jane Doe"].sources.keys()
    assert {"fc_a"} == by_name(found)["Jim Roe"].sources.keys()
    assert [
        HandIn(System.MOODLE, "Jane Doe_123_assignsubmission_file"),
        HandIn(System.MOODLE, "Jim Roe_124_assignsubmission_onlinetext"),
    ] == [submission.hand_in for submission in found.submissions]
    assert () == found.notices


def test_in_blind_marking_the_numbers_are_told(write: Write, find: Find) -> None:
    """Where all are called alike, as Moodle's worksheet calls them; groups keep their names."""
    write("blind/Teilnehmerin_123_assignsubmission_file/fc_a.py")
    write("blind/Teilnehmerin_124_assignsubmission_file/fc_a.py")
    write("teams/Gruppe 1_7_assignsubmission_file/fc_a.py")
    write("teams/Standardgruppe_assignsubmission_file/fc_a.py")

    blind, teams = find("blind"), find("teams")

    assert {"Teilnehmerin 123", "Teilnehmerin 124"} == by_name(blind).keys()
    assert {"Gruppe 1": "7", "Standardgruppe": None} == {
        name: submission.student.id for name, submission in by_name(teams).items()
    }


def test_a_single_students_moodle_folder_is_that_students(
    write: Write, find_one: Callable[[str], Submission]
) -> None:
    """Its own name says whose it is, and what lies in it says nothing else."""
    name = "jdoe Jane Doe_123_assignsubmission_file"
    write(f"{name}/Jim Roe_124_assignsubmission_file/fc_a.py")
    write(f"{name}/Joan Poe_125_assignsubmission_file/fc_b.py")

    submission = find_one(name)

    assert Student("jdoe Jane Doe", "123") == submission.student
    assert {"fc_a", "fc_b"} == submission.sources.keys()


@pytest.mark.parametrize(
    "path",
    [
        "Mallory_666_assignsubmission_file/Jane Doe_123_assignsubmission_file/fc_a.py",
        "Mallory_666_assignsubmission_file/Jane Doe_123_assignsubmission_file.zip",
        "Mallory_666_assignsubmission_file_Jane Doe_123_assignsubmission_file_fc_a.py",
        "Mallory_666_assignsubmission_file_Jane Doe_123_assignsubmission_file_.zip",
    ],
)
@pytest.mark.parametrize("is_zipped", [True, False])
def test_nobody_takes_over_the_submission_of_another(
    path: str, *, is_zipped: bool, write: Write, find: Find, zipped: Zipped
) -> None:
    """What imitates another student's name in a student's own folder or file changes nothing."""
    imitation = zipped({"Jane Doe_123_assignsubmission_file/fc_a.py": "stolen"})
    download: dict[str, bytes | str] = {
        "Jane Doe_123_assignsubmission_file/fc_a.py": "hers",
        path: imitation if path.endswith(".zip") else "stolen",
    }

    found = find(give("class", download, write, zipped if is_zipped else None))

    assert {"Jane Doe", "Mallory"} == by_name(found).keys()
    assert [b"hers"] == [source.code for source in by_name(found)["Jane Doe"].sources["fc_a"]]


def test_an_archive_among_plain_ones_is_no_download(
    write: Write, find: Find, zipped: Zipped
) -> None:
    """A student's archive that imitates a download stays one student's."""
    write("class/jane.zip", zipped({"fc_a.py": "x = 1"}))
    write("class/mallory.zip", zipped(MOODLE["folders"]))

    found = find("class")

    assert {"jane", "mallory"} == by_name(found).keys()
    assert [None, None] == [submission.student.id for submission in found.submissions]


@pytest.mark.parametrize("is_zipped", [True, False])
def test_a_canvas_download_is_one_submission_per_student(
    *, is_zipped: bool, write: Write, find: Find, zipped: Zipped
) -> None:
    """All files of one student belong together, with Canvas' number and its mark for late ones."""
    found = find(give("submissions", CANVAS, write, zipped if is_zipped else None))

    students = by_name(found)
    jane = students["doejane"]
    assert {"doejane", "großjörg", "roejim", "poejoan"} == students.keys()
    assert {"fc_a", "fc_b"} == jane.sources.keys()
    assert {"helper": b"y = 1"} == jane.sources["fc_b"][0].helpers
    assert ("12345", 2, "doejane_12345") == (jane.student.id, jane.attempt, jane.id)
    assert HandIn(System.CANVAS, "doejane_LATE_12345", late=True) == jane.hand_in
    assert (
        "Canvas marks this hand-in as late.",
        "This is attempt 2 by Canvas's count, and it counts.",
    ) == notice_messages(jane.notices)
    assert b"# part: fc_a\nx = 3" == students["roejim"].sources["fc_a"][0].code.strip()
    told = notice_messages(students["poejoan"].notices)
    assert told[0].startswith("No part was found. Found: poejoan_12348_link.html.")
    assert () == found.notices


def test_of_two_canvas_uploads_the_later_counts(write: Write, find: Find) -> None:
    """Two downloads in one folder: the higher number of the attachment, which is told."""
    write("class/doejane_12345_100_fc_a.py", "x = 1")
    write("class/doejane_LATE_12345_99_fc_a.py", "x = 2")
    write("class/doejane_LATE_12345_200_fc_b.py", "x = 3")
    write("class/roejim_12346_101_fc_a.py")

    jane = by_name(find("class"))["doejane"]

    assert [b"x = 1"] == [source.code for source in jane.sources["fc_a"]]
    assert jane.hand_in is not None
    assert jane.hand_in.late
    assert "doejane_12345_100_fc_a.py counts" in notice_messages(jane.notices)[1]


@pytest.mark.parametrize("prefix", ["anon_a1B2c", "anon_a1B2c_LATE", "LATE_anon_a1B2c"])
def test_an_anonymous_canvas_download_keeps_the_anonymous_number(
    prefix: str, write: Write, find: Find
) -> None:
    """The number is not taken for that of a user."""
    write(f"class/{prefix}_100_fc_a.py")
    write("class/anon_Zz9Yy_101_fc_a.py")

    submission = by_name(find("class"))["anon_a1B2c"]

    assert "anon_a1B2c" == submission.student.id
    assert HandIn(System.CANVAS, prefix, late="LATE" in prefix) == submission.hand_in


@pytest.mark.parametrize(
    ("files", "num_submissions"),
    [
        # A teacher's own numbers: not in small letters, or twice the same.
        (["Group_1_2_fc_a.zip", "Group_1_3_fc_a.zip"], 2),
        (["group_1_1_fc_a.zip", "group_1_2_fc_a.zip", "group_2_1_fc_a.zip"], 3),
        # A student's own files beside a part.
        (["fc_a.py", "week_1_2_try.py", "week_3_4_try.py", "week_3_5_try.py"], 1),
        (["fc_a.py", "Jane Doe_123_assignsubmission_file/fc_b.py"], 1),
        (["faces_fc/fc_a.py", "doejane_12_345_fc_b.py"], 1),
        # Most children look like nothing.
        (["jane/fc_a.py", "jack/fc_a.py", "jim/fc_a.py", "notes_1_2_x.pdf"], 3),
    ],
)
def test_what_looks_half_like_a_download_is_none(
    files: list[str], num_submissions: int, write: Write, find: Find, zipped: Zipped
) -> None:
    """Such folders are told apart as if no platform had a part in them."""
    for number, file in enumerate(files):
        content = zipped({"fc_a.py": f"x = {number}"}) if file.endswith(".zip") else "x = 1"
        write(f"class/{file}", content)

    found = find("class")

    assert num_submissions == len(found.submissions)
    assert {None} == {submission.hand_in for submission in found.submissions}


def test_what_lies_beside_a_download_is_graded_only_where_it_is_a_students(
    write: Write, find: Find, zipped: Zipped, notebook: Notebook
) -> None:
    """Work that came by mail counts; the download itself and the teacher's files are named."""
    for path, content in MOODLE["folders"].items():
        write(f"class/{path}", content)
    write("class/ML-Faces-77.zip", zipped(MOODLE["folders"]))
    write("class/jim.zip", zipped({"fc_a.py": "x = 3"}))
    write("class/joan.ipynb", notebook("# part: fc_a"))
    write("class/joe/fc_a.py", "x = 4")
    write("class/fc_a.py", "the solution")
    write("class/feedback/notes.pdf")
    write("class/index.html")

    found = find("class")

    assert {"Jane Doe", "Jörg Groß", "jim", "joan", "joe"} == by_name(found).keys()
    assert (
        "Passed over 3 files beside the submissions: feedback, ML-Faces-77.zip and fc_a.py.",
    ) == notice_messages(found.notices)


def test_of_two_downloads_the_later_hand_in_counts(
    write: Write, find: Find, zipped: Zipped
) -> None:
    """The times decide, not the order of the paths; the student reads which was left aside."""
    for name, code, seconds in (("new", "x = 2", 2_000_000_000), ("old", "x = 1", 1_000_000_000)):
        folder = "Jane Doe_123_assignsubmission_file"
        inner = zipped({"fc_a.py": code})
        os.utime(write(f"{name}/{folder}/work.zip", inner), (seconds, seconds))

    submission = find("new", "old").submissions[0]

    assert [b"x = 2"] == [source.code for source in submission.sources["fc_a"]]
    assert 2 == submission.attempt
    assert (
        "Handed in more than once: new/Jane Doe_123_assignsubmission_file counts, as the latest; "
        "left aside: old/Jane Doe_123_assignsubmission_file."
    ) == notice_messages(submission.notices)[0]


def test_downloads_for_different_sheets_are_one_submission_of_a_student(
    write: Write, find: Find
) -> None:
    """Canvas' number of a user is the same in every assignment."""
    write("fc/doejane_12345_100_fc_a.py")
    write("fc/roejim_12346_101_fc_a.py")
    write("cnn/doejane_12345_300_cnn_a.py")
    write("cnn/roejim_12346_301_cnn_a.py")

    found = find("fc", "cnn")

    assert 2 == len(found.submissions)
    assert {"fc_a", "cnn_a"} == by_name(found)["doejane"].sources.keys()
    assert () == by_name(found)["doejane"].notices


def test_repositories_of_github_classroom_are_named_by_account(write: Write, find: Find) -> None:
    """What `gh classroom clone` leaves: a folder of all, in it one per account."""
    for account in ("jane-doe", "jim"):
        write(f"hw1-submissions/hw1-{account}/exercises/faces_fc/fc_a.py", f"# {account}")
        write(f"hw1-submissions/hw1-{account}/.git/fc_b.py")
    write("hw1-submissions/other/fc_a.py")

    found = find("hw1-submissions")

    assert {"jane-doe": "jane-doe", "jim": "jim", "other": None} == {
        name: submission.student.id for name, submission in by_name(found).items()
    }
    assert {"hw1-jane-doe", "hw1-jim", "other"} == {s.id for s in found.submissions}
    assert all({"fc_a"} == s.sources.keys() for s in found.submissions)


@pytest.mark.parametrize(
    "name",
    [
        "Žofie Nováková",
        unicodedata.normalize("NFD", "Jörg Müller"),
        "🦊 Fuchs",
        "محمد علي",
        'O\'Neil, Jane (Jr.) "JJ"',
        "=1+1",
        "A_1_B",
    ],
)
def test_names_survive(name: str, write: Write, find: Find, zipped: Zipped) -> None:
    """Whatever they are written with, as they are; the ids stay safe."""
    members = {
        f"{name}_123_assignsubmission_file/fc_a.py": "x = 1",
        "Jim Roe_124_assignsubmission_file/fc_a.py": "x = 2",
    }
    write("class.zip", zipped(members))
    found = find("class.zip")

    assert {name, "Jim Roe"} == by_name(found).keys()
    assert by_name(found)[name].id.isascii()


@pytest.mark.parametrize("encoding", ["cp437", "cp1252"])
def test_names_in_old_archives_are_read(
    encoding: str, write: Write, find: Find, zipped: Zipped
) -> None:
    """Zip archives without Unicode, as Windows' programs wrote them."""
    plain = "J?rg M?ller_123_assignsubmission_file/fc_a.py"
    raw = plain.encode().replace(b"J?", b"J" + "ö".encode(encoding))
    raw = raw.replace(b"M?", b"M" + "ü".encode(encoding))
    write("class.zip", zipped({plain: "x = 1"}).replace(plain.encode(), raw))

    found = find("class.zip")

    assert {"Jörg Müller"} == by_name(found).keys()
