"""Whether a path is one submission or many, and whose."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.errors import UsageError
from grader.messages import notice_messages
from grader.submissions import finding
from grader.submissions.parts import find_parts
from grader.submissions.trees import Tree
from grader.submissions.wanted import Wanted

if TYPE_CHECKING:
    from grader.submissions import Found

Write = Callable[..., Path]
Find = Callable[..., "Found"]
Zipped = Callable[[Mapping[str, bytes | str]], bytes]
Notebook = Callable[..., str]


def names(found: Found) -> list[str]:
    """The students' names, in order."""
    return sorted(submission.student.name for submission in found.submissions)


@pytest.mark.parametrize(
    "path",
    [
        "fc_a.py",
        "faces_fc/fc_a.py",
        "exercises/faces_fc/fc_a.py",
        "fc_a/fc_a.py",
        "FACES_FC/x/fc_a.py",
    ],
)
def test_a_folder_with_parts_where_students_put_them_is_one_submission(
    path: str, write: Write, find: Find
) -> None:
    """Parts directly in a folder, or in folders named like sheets and parts, are one student's."""
    write(f"jane/{path}")
    write("jane/notes/ideas.txt")

    found = find("jane")

    assert (True, ["jane"]) == (found.single, names(found))
    assert {"fc_a"} == found.submissions[0].sources.keys()


def test_a_class_of_one_student_is_a_folder_of_submissions(write: Write, find: Find) -> None:
    """The child folder is the submission, and the run is no single one."""
    write("class/jane/fc_a.py")

    found = find("class")

    assert (False, ["jane"]) == (found.single, names(found))


def test_each_child_of_a_class_folder_is_one_submission(
    write: Write, find: Find, zipped: Zipped, notebook: Notebook
) -> None:
    """Folders, archives, notebooks and Python files count; what systems leave behind does not."""
    write("class/jane/faces_fc/fc_a.py")
    write("class/empty/.keep")
    write("class/jack.zip", zipped({"jack/fc_a.py": "x = 2"}))
    write("class/joan.ipynb", notebook("# part: fc_a"))
    write("class/jim.py")
    write("class/broken.zip", "no archive")
    for junk in (".DS_Store", "Thumbs.db", "desktop.ini", "__MACOSX/x.py", ".git/fc_a.py"):
        write(f"class/{junk}")
    write("class/README.md")

    found = find("class")

    assert ["broken", "empty", "jack", "jane", "jim", "joan"] == names(found)
    assert ("Passed over 1 file beside the submissions: README.md.",) == notice_messages(
        found.notices
    )
    with_parts = {s.student.name for s in found.submissions if "fc_a" in s.sources}
    assert {"jack", "jane", "joan"} == with_parts


def test_a_submission_without_parts_says_what_was_found(write: Write, find: Find) -> None:
    """Nothing handed in under a part's name gives a notice with found and expected names."""
    write("class/jane/main.py")
    write("class/jack/fc_a.py")

    jane = next(s for s in find("class").submissions if s.id == "jane")

    expected = (
        "No part was found. Found: main.py. Expected: files named fc_a.py, fc_b.py and cnn_a.py, "
        "or a notebook. The cell of a part begins with a line like '# part: fc_a'."
    )

    assert (expected,) == notice_messages(jane.notices)


def test_loose_notebooks_with_the_same_part_are_a_class(
    write: Write, find: Find, notebook: Notebook
) -> None:
    """Two notebooks with one part come from two students; with different parts from one."""
    write("class/jane.ipynb", notebook("# part: fc_a"))
    write("class/jack.ipynb", notebook("# part: fc_a"))
    write("jim/fc.ipynb", notebook("# part: fc_a", "# part: fc_b"))
    write("jim/cnn.ipynb", notebook("# part: cnn_a"))

    several, one = find("class"), find("jim")

    assert (False, ["jack", "jane"]) == (several.single, names(several))
    assert (True, ["jim"]) == (one.single, names(one))


@pytest.mark.parametrize("second", ["fc_a", "fc_b"])
def test_loose_files_with_prefixes_of_several_students_are_a_class(
    second: str, write: Write, find: Find
) -> None:
    """A flat download of an LMS is not one submission."""
    write("class/doejane_12_345_fc_a.py")
    write(f"class/roejack_13_346_{second}.py")

    found = find("class")

    assert (False, 2) == (found.single, len(found.submissions))


@pytest.mark.parametrize("outer", ["", "class/", "download/class/"])
def test_an_archive_whose_folders_hold_the_same_part_is_a_class(
    outer: str, write: Write, find: Find, zipped: Zipped
) -> None:
    """Outer folders do not count, and an empty folder is a submission too."""
    inner = zipped({"fc_a.py": "x = 3"})
    members: dict[str, bytes | str] = {
        "jane/fc_a.py": "x = 1",
        "jack/sub/FC_A.py": "x = 2",
        "empty/": "",
        "jim.zip": inner,
    }
    write("class.zip", zipped({outer + name: content for name, content in members.items()}))

    found = find("class.zip")

    assert (False, ["empty", "jack", "jane", "jim"]) == (found.single, names(found))


def test_an_archive_with_folders_of_different_parts_is_one_submission(
    write: Write, find: Find, zipped: Zipped
) -> None:
    """Students sort their parts into folders of their own."""
    write("jane.zip", zipped({"work/dense/fc_a.py": "x = 1", "work/conv/cnn_a.py": "x = 2"}))

    found = find("jane.zip")

    assert (True, ["jane"]) == (found.single, names(found))
    assert {"fc_a", "cnn_a"} == found.submissions[0].sources.keys()


def test_several_paths_are_never_a_single_submission(write: Write, find: Find) -> None:
    """Equal names at different places get different ids, and the same path twice is one."""
    write("week1/jane/fc_a.py")
    write("week2/jane/fc_a.py")

    twice, both = find("week1/jane", "week1/jane/"), find("week1/jane", "week2/jane")

    assert (True, 1) == (twice.single, len(twice.submissions))
    assert (False, 2) == (both.single, len({s.id for s in both.submissions}))


def test_a_path_that_is_not_there_is_wrong_use(find: Find) -> None:
    """The error names the path and says what is expected there."""
    with pytest.raises(UsageError, match=r"missing.* Expected: a .py file, a notebook, an archive"):
        find("missing")


@pytest.mark.parametrize(
    ("path", "notices"),
    [
        ("empty", []),
        ("class", ["Passed over 1 file beside the submissions: notes.pdf."]),
        ("notes.pdf", ["notes.pdf was passed over. Expected: a .py file"]),
    ],
)
def test_where_nothing_is_to_be_graded_what_was_passed_over_is_named(
    path: str, notices: list[str], write: Write, find: Find
) -> None:
    """No submission is found, and the notices say what was."""
    write("empty/.hidden")
    write("class/notes.pdf")
    write("notes.pdf")

    found = find(path)

    assert () == found.submissions
    told = [
        notice[: len(expected)]
        for notice, expected in zip(notice_messages(found.notices), notices, strict=True)
    ]
    assert notices == told


def test_links_are_not_followed(write: Write, find: Find) -> None:
    """A link out of the submission gives a notice, and not what it leads to."""
    secret = write("solutions/fc_a.py", "secret")
    jane = write("class/jane/fc_b.py").parent
    (jane / "fc_a.py").symlink_to(secret)
    (jane / "all").symlink_to(secret.parent)

    submission = find("class").submissions[0]

    assert {"fc_b"} == submission.sources.keys()
    assert ("Left out, because links are not followed: all and fc_a.py.",) == notice_messages(
        submission.notices
    )


def test_generated_folders_are_passed_over(write: Write, find: Find) -> None:
    """Parts in hidden folders, checkpoints and virtual environments were not handed in."""
    write("jane/fc_a.py")
    write("jane/env/pyvenv.cfg")
    for folder in (".ipynb_checkpoints", "__pycache__", "env", "lib/site-packages", "node_modules"):
        write(f"jane/{folder}/fc_b.py")

    found = find("jane")

    assert {"fc_a"} == found.submissions[0].sources.keys()
    assert () == found.submissions[0].notices


def test_very_deep_folders_are_left_out(write: Write, find: Find) -> None:
    """The search ends at a depth, says so, and goes on elsewhere."""
    write("jane/fc_a.py")
    write("jane/" + "d/" * 60 + "fc_b.py")

    submission = find("jane").submissions[0]

    assert {"fc_a"} == submission.sources.keys()
    assert "more than 32 folders deep" in notice_messages(submission.notices)[0]


def test_submission_that_the_grader_stumbles_over_stops_no_other(
    write: Write, find: Find, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is there with the reason and without parts; the others are read."""
    for name in ("ann", "bob", "cleo"):
        write(f"class/{name}/fc_a.py")
    calls: list[object] = []

    def stumbling(tree: Tree, wanted: Wanted) -> object:
        calls.append(tree)
        if len(calls) == 2:
            raise RecursionError("nobody thought of this")
        return find_parts(tree, wanted)

    monkeypatch.setattr(finding, "find_parts", stumbling)
    found = {one.id: one for one in find("class").submissions}

    assert {"ann": 1, "bob": 0, "cleo": 1} == {
        name: len(one.sources) for name, one in found.items()
    }
    assert "could not read this submission: RecursionError: nobody thought" in found["bob"].trouble
    assert ["", ""] == [found["ann"].trouble, found["cleo"].trouble]
