"""Which files of a submission are candidates for a part."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from grader.messages import notice_messages
from grader.records import Submission

Write = Callable[..., Path]
FindOne = Callable[[str], Submission]


def paths(submission: Submission, part: str = "fc_a") -> list[str]:
    """The paths of a part's candidates."""
    return [source.path for source in submission.sources.get(part, ())]


@pytest.mark.parametrize(
    "name",
    [
        "fc_a.py",
        "FC_A.PY",
        "fc_a (1).py",
        "fc_a(2).py",
        "fc_a-1.py",
        "fc_a 2.py",
        "fc_a - Copy.py",
        "fc_a - Kopie (2).py",
        "fc_a copy.py",
        "fc_a (copy).py",
        "fc_a (1) (1).py",
        "Jane Doe_123_assignsubmission_file_fc_a.py",
        "J_D_1_x_123_assignsubmission_file_fc_a (1).py",
        "doejane_12345_67890_fc_a.py",
        "doejane_LATE_12345_67890_fc_a-2.py",
        "anon_a1B2c_LATE_67890_fc_a.py",
    ],
)
def test_a_part_is_found_under_names_that_browsers_and_lms_give_it(
    name: str, write: Write, find_one: FindOne
) -> None:
    """Copy numbers and prefixes do not hide a part."""
    write(f"jane/{name}")

    assert [name] == paths(find_one("jane"))


@pytest.mark.parametrize("name", ["myfc_a.py", "fc_ab.py", "fc_a.txt", "fc_a.pyc", "my_fc_a.py"])
def test_other_names_are_no_part(name: str, write: Write, find_one: FindOne) -> None:
    """A file whose name only resembles a part's is not run."""
    write(f"jane/{name}")
    write("jane/fc_b.py")

    assert [] == paths(find_one("jane"))


def test_a_name_that_comes_close_is_pointed_out(write: Write, find_one: FindOne) -> None:
    """The notice names the file and the name that it would need."""
    write("jane/my fc-a.py.txt")
    write("jane/fc_b.py")

    notices = notice_messages(find_one("jane").notices)

    assert (
        "fc_a was not found. my fc-a.py.txt may be meant: it would have to be called fc_a.py.",
    ) == notices


def test_of_browser_copies_the_highest_number_counts(write: Write, find_one: FindOne) -> None:
    """Ten is higher than two, and a notice names what was left aside."""
    for name in ("fc_a.py", "fc_a (2).py", "fc_a (10).py"):
        write(f"jane/{name}", name)

    submission = find_one("jane")

    assert ["fc_a (10).py"] == paths(submission)
    expected = (
        "fc_a: fc_a (10).py counts, as the copy with the highest number; "
        "left aside: fc_a (2).py and fc_a.py."
    )

    assert (expected,) == notice_messages(submission.notices)


def test_the_untouched_stub_gives_way_to_a_lower_number(write: Write, find_one: FindOne) -> None:
    """Downloading the stub once more does not undo the work."""
    write("jane/fc_a.py", "work")
    write("jane/fc_a (1).py", b'\xef\xbb\xbf"""Stub."""  \r\n')

    assert ["fc_a.py"] == paths(find_one("jane"))


def test_copies_made_by_hand_and_other_folders_are_left_to_be_told_apart(
    write: Write, find_one: FindOne
) -> None:
    """Nothing says which of them is newer, so all are candidates."""
    for name in ("fc_a.py", "fc_a - Copy.py", "old/fc_a (1).py"):
        write(f"jane/{name}", name)

    assert ["fc_a - Copy.py", "fc_a.py", "old/fc_a (1).py"] == paths(find_one("jane"))


def test_equal_content_is_one_candidate(write: Write, find_one: FindOne) -> None:
    """Line ends, trailing blanks and a byte order mark make no difference."""
    write("jane/fc_a.py", b"a = 1\nb = 2\n")
    write("jane/sub/fc_a.py", b"\xef\xbb\xbfa = 1  \r\nb = 2\r\n\r\n")

    submission = find_one("jane")

    assert ["fc_a.py"] == paths(submission)
    assert () == notice_messages(submission.notices)


def test_equal_parts_with_different_helpers_are_two_candidates(
    write: Write, find_one: FindOne
) -> None:
    """What a part imports belongs to its content."""
    write("jane/fc_a.py", "import tool")
    write("jane/tool.py", "a = 1")
    write("jane/sub/fc_a.py", "import tool")
    write("jane/sub/tool.py", "a = 2")

    assert ["fc_a.py", "sub/fc_a.py"] == paths(find_one("jane"))


def helpers_of(submission: Submission) -> Mapping[str, bytes]:
    """The helpers of the only candidate."""
    return submission.sources["fc_a"][0].helpers


def test_files_beside_a_part_are_helpers_when_their_name_occurs(
    write: Write, find_one: FindOne
) -> None:
    """Also those that a helper names, other parts among them; not from other folders."""
    write("jane/fc_a.py", "import tool\nfrom far import x")
    write("jane/tool (1).py", "import fc_b")
    write("jane/FC_B.py", "z = 1")
    write("jane/unused.py", "z = 2")
    write("jane/sub/far.py", "z = 3")

    helpers = helpers_of(find_one("jane"))

    assert {"tool": b"import fc_b", "fc_b": b"z = 1"} == helpers


def test_helpers_are_bounded_in_size(write: Write, find_one: FindOne) -> None:
    """Over 4 MB in all the rest is left out, with a notice."""
    names = [f"tool{number}" for number in range(6)]
    write("jane/fc_a.py", "import " + ", ".join(names))
    for name in names:
        write(f"jane/{name}.py", b"#" * 1_000_000)

    submission = find_one("jane")

    assert 4 == len(helpers_of(submission))
    assert "fc_a.py cannot import tool4.py and tool5.py" in notice_messages(submission.notices)[0]


def test_sources_are_bounded_but_never_dropped(write: Write, find_one: FindOne) -> None:
    """Too large a file is cut one byte over the limit, for an error; an empty one stays."""
    write("jane/fc_a.py", b"#" * 3_000_000)
    write("jane/fc_b.py", b"")

    sources = find_one("jane").sources

    assert 1024 * 1024 + 1 == len(sources["fc_a"][0].code)
    assert b"" == sources["fc_b"][0].code


def test_many_candidates_for_one_part_are_bounded(write: Write, find_one: FindOne) -> None:
    """A part in a hundred folders does not fill the memory."""
    for number in range(100):
        write(f"jane/{number:03}/fc_a.py", f"a = {number}")
    write("jane/fc_b.py")

    submission = find_one("jane")

    assert 20 == len(submission.sources["fc_a"])
    assert ("fc_a: only the first 20 of its files were looked at.",) == notice_messages(
        submission.notices
    )


def test_a_single_file_is_a_submission_without_helpers(write: Write, find_one: FindOne) -> None:
    """What lies beside it may be another student's."""
    write("loose/fc_a.py", "import tool")
    write("loose/tool.py")

    submission = find_one("loose/fc_a.py")

    assert ("fc_a", {}) == (submission.id, dict(helpers_of(submission)))
