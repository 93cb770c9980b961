"""Ids of submissions and names of students."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.messages import notice_messages
from grader.records import Notice
from grader.submissions.names import student_name, submission_ids

if TYPE_CHECKING:
    from grader.submissions import Found


@pytest.mark.parametrize("name", ["doe_jane", "Doe-Jane", "jane.doe", "s12345678", "a"])
def test_a_safe_name_is_its_own_id(name: str) -> None:
    """Names that every system takes stay as they are."""
    ids = submission_ids([(name, "x")])

    assert (name,) == ids


@pytest.mark.parametrize(
    "name",
    [
        "Jane Doe",
        "Jörg",
        "con",
        "NUL.txt",
        "a.",
        ".hid",
        "-rf",
        "",
        "x" * 81,
        "../x",
        "a\x1b[31m",
        "名",
    ],
)
def test_an_unsafe_name_gets_an_id_that_does_not_depend_on_others(name: str) -> None:
    """The hash of the true name makes the id the same in every run."""
    alone = submission_ids([(name, "x")])[0]
    among = submission_ids([("Jane_Doe", "y"), (name, "x"), ("jorg", "z")])[1]

    assert re.fullmatch(r"[A-Za-z0-9][\w.-]*_x[0-9a-f]{7}", alone, re.ASCII)
    assert alone == among


@given(st.lists(st.text(max_size=100)))
def test_ids_are_unique_and_safe_for_any_names(names: list[str]) -> None:
    """Whatever the names, ids differ in more than case and are safe file names."""
    ids = submission_ids([(name, f"/{i}/{name}") for i, name in enumerate(names)])

    assert len(names) == len({id_.casefold() for id_ in ids})
    assert all(re.fullmatch(r"[A-Za-z0-9](?:[\w.-]*[\w-])?", i, re.ASCII) for i in ids)
    assert all(len(id_) <= 80 for id_ in ids)
    assert not {"con", "nul", "aux"} & {id_.partition(".")[0].casefold() for id_ in ids}


def test_ids_survive_names_that_are_equal_but_for_case_and_unicode_form() -> None:
    """Each gets an id of its own, and equal names are told apart by their place."""
    names = ["Jane", "jane", "J\u00f6rg", "Jo\u0308rg", "Jane"]

    ids = submission_ids([(name, str(i)) for i, name in enumerate(names)])

    assert len(names) == len({id_.casefold() for id_ in ids})


def test_bytes_in_a_name_that_are_no_utf8_are_read_as_windows_text() -> None:
    """Old archives keep umlauts in a Windows code page; the name has to be writable as UTF-8."""
    assert ("Müller", "Jane?") == (student_name("M\udcfcller"), student_name("Jane\ud800"))


def test_the_student_is_called_as_the_folder_was(
    write: Callable[..., Path], find: Callable[..., Found]
) -> None:
    """The id is made safe, the name is not touched."""
    write("class/Jane O'Doe/fc_a.py")

    submission = find("class").submissions[0]

    assert "Jane O'Doe" == submission.student.name
    assert submission.id.startswith("Jane_O_Doe_x")


def test_names_in_notices_cannot_steer_a_terminal() -> None:
    """Escapes go, direction marks and broken bytes are spelled out; long lists are cut."""
    names = ("a\x1b[31m\n\u202e\udcff", *["b"] * 9_999)

    told = notice_messages([Notice("left-out", {"reason": "link", "names": names})])

    expected = (
        "Left out, because links are not followed: a <U+202E><U+DCFF>, b, b, b, b and 9,995 more."
    )
    assert (expected,) == told
