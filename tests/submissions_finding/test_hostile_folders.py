"""Folders made to harm: links, pipes, devices, depths and sizes; the part beside them is found."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.messages import notice_messages
from grader.records import Submission
from grader.submissions import Found
from grader.submissions.trees import opener

Write = Callable[..., Path]
Find = Callable[..., Found]
FindOne = Callable[[str], Submission]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs links and pipes")


@pytest.fixture
def home(write: Write) -> Path:
    """A submission with one part; what harms is put beside it."""
    return write("jane/fc_a.py", "a = 1").parent


@pytest.mark.parametrize(
    "target",
    ["/etc/passwd", "/dev/zero", "/proc/self/environ", "../../solutions", ".", "loop", "nowhere"],
)
@pytest.mark.parametrize("name", ["fc_b.py", "work.zip", "work.ipynb", "faces_cnn"])
def test_links_are_named_and_not_followed(
    target: str, name: str, home: Path, find_one: FindOne
) -> None:
    """Wherever they lead, in whose name whatsoever: not to a file, a device or a folder."""
    (home / name).symlink_to(name if target == "loop" else target)

    submission = find_one("jane")

    assert {"fc_a"} == submission.sources.keys()
    expected = f"Left out, because links are not followed: {name}."
    assert (expected,) == notice_messages(submission.notices)


def test_a_student_who_hands_in_a_link_to_another_is_left_out(
    write: Write, find: Find, tmp_path: Path
) -> None:
    """Among the submissions of a class a link is none of them, and is named."""
    write("class/doe/fc_a.py", "a = 1")
    write("class/roe/fc_a.py", "a = 2")
    (tmp_path / "class" / "eve").symlink_to("doe")

    found = find("class")

    assert ["doe", "roe"] == [submission.id for submission in found.submissions]
    assert "eve" in notice_messages(found.notices)[0]


@pytest.mark.parametrize("name", ["fc_b.py", "work.tar", "work.ipynb", "x"])
def test_pipes_and_sockets_keep_nobody_waiting(
    name: str, home: Path, find_one: FindOne, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are named as what they are; nobody opens them."""
    monkeypatch.chdir(home)
    os.mkfifo(name)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("z.py")
        submission = find_one("jane")

    assert {"fc_a"} == submission.sources.keys()
    assert (
        f"Left out, because they are neither files nor folders: {name} and z.py.",
    ) == notice_messages(submission.notices)


def test_a_file_that_became_a_pipe_or_link_meanwhile_is_refused(home: Path) -> None:
    """Between listing and reading anything may happen to a file: nothing waits, nothing leaks."""
    file = home / "fc_b.py"
    file.write_text("b = 1")
    read = opener(file)
    file.unlink()
    os.mkfifo(file)
    with pytest.raises(OSError, match="no longer a file"):
        read()
    file.unlink()
    file.symlink_to("/etc/passwd")

    with pytest.raises(OSError, match="symbolic links"):
        read()


def test_files_that_go_away_are_named(
    home: Path, find_one: FindOne, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that was there when the folder was listed, and is not when it is read."""
    (home / "fc_b.py").write_text("b = 1")
    real = Path.resolve
    read = "grader.submissions.trees.File.read"

    def gone(file: object, limit: int) -> bytes:
        if "fc_b" in str(file):
            raise FileNotFoundError(2, "No such file or directory")
        return real(home / "fc_a.py").read_bytes()[:limit]

    monkeypatch.setattr(read, gone)

    submission = find_one("jane")

    assert {"fc_a"} == submission.sources.keys()
    assert "fc_b.py could not be read: No such file or directory." in notice_messages(
        submission.notices
    )


@pytest.mark.skipif(hasattr(os, "getuid") and os.getuid() == 0, reason="root reads everything")
def test_unreadable_files_and_folders_are_named(home: Path, find_one: FindOne) -> None:
    """The rest is graded."""
    (home / "fc_b.py").write_text("b = 1")
    (home / "fc_b.py").chmod(0)
    (home / "closed").mkdir(mode=0)

    submission = find_one("jane")

    assert {"fc_a"} == submission.sources.keys()
    assert "could not be read: fc_b.py and closed." in notice_messages(submission.notices)[0]


@pytest.mark.parametrize("name", ["fc_b.py", "work.ipynb", "work.zip", "work.tar", "notes.txt"])
def test_files_of_a_terabyte_without_content_are_read_no_further_than_needed(
    name: str, home: Path, find_one: FindOne
) -> None:
    """A sparse file takes no space and has any size."""
    with (home / name).open("wb") as file:
        if name.endswith(".zip"):
            file.write(b"PK\x03\x04")
        try:
            file.truncate(2**40)
        except OSError:
            pytest.skip("this file system has no files of a terabyte")

    submission = find_one("jane")

    assert "fc_a" in submission.sources
    assert all(len(s.code) <= 2**20 + 1 for found in submission.sources.values() for s in found)


def test_folders_within_folders_are_visited_so_far_and_no_further(
    home: Path, find_one: FindOne
) -> None:
    """Deeper than any system can name them in one go."""
    here = os.open(home, os.O_RDONLY)
    for _ in range(120):
        os.mkdir("d" * 60, dir_fd=here)
        inside = os.open("d" * 60, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inside
    os.close(here)

    submission = find_one("jane")

    assert {"fc_a"} == submission.sources.keys()
    assert "folders deep" in notice_messages(submission.notices)[0]


def test_folders_count_like_files_and_sources_for_themselves(home: Path, find_one: FindOne) -> None:
    """Twelve thousand empty folders are as many as twelve thousand files; the part is found."""
    for number in range(12_000):
        (home / f"{number}").mkdir()

    submission = find_one("jane")

    expected = "The folder holds more than 10,000 files and folders; 2,000 were left out."
    assert expected in notice_messages(submission.notices)


@pytest.mark.parametrize("name", ["M\udcfcller.py", "a\nb.py", "\x1b[2J.py", "\u202efc_b.py", "*"])
def test_names_that_are_no_text_are_shown_clean(
    name: str, home: Path, find: Find, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Latin-1, line ends and terminal codes in names reach neither a page nor an id."""
    monkeypatch.setattr(tempfile, "tempdir", None)
    (home / name).mkdir()
    (home / name / "fc_b.py").write_text("b = 1")

    (submission,) = find("jane").submissions

    assert submission.sources["fc_b"][0].path.isprintable()
    assert submission.id.isascii()


def test_what_is_neither_file_nor_folder_is_a_wrong_call(tmp_path: Path, find: Find) -> None:
    """A pipe in place of the path is refused, and not waited for."""
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(UsageError, match="is no file and no folder"):
        find("pipe")
