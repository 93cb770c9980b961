"""Taking stock: what is added, changed, the same and gone is told by content, not by date."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.gradebook import Gradebook, Stock, known_ids
from grader.records import SameFile, Source
from grader.submissions import find_submissions
from tests.gradebook.conftest import FACTS, grade, part_grade

if TYPE_CHECKING:
    from tests.gradebook.conftest import Query, Submit


def test_each_is_told_once(book: Gradebook, submit: Submit, query: Query) -> None:
    """Of three submissions one has other content, one is gone, a fourth is new."""
    found = [submit("ada", b"ada"), submit("bo", b"another"), submit("dev")]
    stock = book.take_stock(found, ["/class"])
    again = book.take_stock(found, ["/class"])

    assert Stock(added=("dev",), changed=("bo",), same=("ada",), removed=("cleo",)) == stock
    assert Stock(same=("ada", "bo", "dev")) == again
    told = query("SELECT kind, submission FROM event WHERE submission IS NOT NULL ORDER BY id")
    assert [("changed", "bo"), ("added", "dev"), ("removed", "cleo")] == told[3:]


def test_helpers_and_names_of_files_are_content(book: Gradebook, submit: Submit) -> None:
    """Another helper beside the file, and another name of the file, are changes."""
    plain = submit("ada", b"ada")
    source = plain.sources["fc_a"][0]
    for other in (replace(source, helpers={"mine": b"x"}), replace(source, path="b/fc_a.py")):
        stock = book.take_stock([replace(plain, sources={"fc_a": (other,)})], [])
        assert ("ada",) == stock.changed


def test_what_is_gone_leaves_the_results_and_comes_back(book: Gradebook, submit: Submit) -> None:
    """A removed submission has no result; when it is there again, its grade is there as well."""
    for name in ("ada", "bo"):
        book.keep_grade(grade(name, part_grade("fc_a")))
    book.take_stock([submit("ada", b"ada")], ["/class"])
    without = [found.submission for found in book.run().grades]
    stock = book.take_stock([submit("bo", b"bo")], ["/class/bo"])

    assert ["ada"] == without
    assert ("bo",) == stock.added
    assert ["ada", "bo"] == [found.submission for found in book.run().grades]


def test_other_paths_stay(book: Gradebook, submit: Submit) -> None:
    """A path that is given by itself adds to those of other paths, and takes none away."""
    stock = book.take_stock([submit("late", place="/late/late.zip")], ["/late/late.zip"])
    gone = book.take_stock([], ["/late/late.zip"])

    assert Stock(added=("late",)) == stock
    assert Stock(removed=("late",)) == gone


def test_one_of_a_folder(book: Gradebook, submit: Submit) -> None:
    """One submission given by itself is the one of its folder, and goes with the folder."""
    alone = book.take_stock([submit("ada", b"ada")], ["/class/ada"])
    gone = book.take_stock([submit("bo", b"bo"), submit("cleo", b"cleo")], ["/class"])

    assert Stock(same=("ada",)) == alone
    assert ("ada",) == gone.removed


def test_another_place_is_told(book: Gradebook, submit: Submit) -> None:
    """A submission of a known name that lies elsewhere takes its place, and that is told."""
    stock = book.take_stock([submit("ada", b"new", "/second/ada")], ["/second"])

    assert (("ada",), ("ada",)) == (stock.changed, stock.moved)


def test_ids_stay_with_their_places(tmp_path: Path, out: Path) -> None:
    """Two of one name keep their ids when only one of them is given later."""
    for group in ("a", "b"):
        (tmp_path / group / "doe").mkdir(parents=True)
        (tmp_path / group / "doe" / "fc_a.py").write_text(f"# {group}\n", "utf-8")
        (tmp_path / group / "roe").mkdir()
    found = find_submissions([tmp_path / "a", tmp_path / "b"], ["fc_a"])
    with Gradebook.open(out) as book:
        book.begin_run(FACTS)
        book.take_stock(found.submissions, found.origins)
    ids = {s.place: s.id for s in found.submissions}

    later = find_submissions([tmp_path / "b"], ["fc_a"], known_ids=known_ids(out))
    assert 4 == len(ids)
    assert {place: id_ for place, id_ in ids.items() if "/b/" in place} == {
        s.place: s.id for s in later.submissions
    }
    with Gradebook.open(out) as book:
        book.begin_run(FACTS)
        assert Stock(same=tuple(s.id for s in later.submissions)) == book.take_stock(
            later.submissions, later.origins
        )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (b"x = 1\ny = 2\n", b"x = 1\r\n\r\ny = 2"),
        (b"x = 1\n", b"\xef\xbb\xbf\n\nx = 1  \n\n\n"),
    ],
)
def test_same_files(book: Gradebook, submit: Submit, one: bytes, other: bytes) -> None:
    """Files that differ in blank lines, line ends and trailing blanks only are the same."""
    found = [submit("ada", one), submit("bo", other), submit("cleo", b"x = 2\n")]
    book.take_stock(found, ["/class"])

    assert (SameFile("fc_a", ("ada", "bo")),) == book.run().same_files


def test_stubs_and_empty_files_are_not_the_same_file(book: Gradebook, submit: Submit) -> None:
    """What was handed out to all, and nothing at all, is no file that two have in common."""
    stub = b"def build_model():\n    ...\n"
    codes = {"ada": stub, "bo": stub + b"\n", "cleo": b"", "dev": b"\n \n"}
    book.take_stock([submit(*pair) for pair in codes.items()], ["/class"], {"fc_a": stub})

    assert () == book.run().same_files


def test_same_files_are_those_of_now(book: Gradebook, submit: Submit) -> None:
    """The same file in two parts is another matter; and who is gone is not named."""
    book.take_stock([submit("ada"), submit("bo"), submit("cleo")], ["/class"])
    other = replace(submit("bo"), sources={"fc_b": (Source("fc_b", "fc_b.py", b"x = 1\n"),)})
    book.take_stock([submit("ada"), other, submit("cleo")], ["/class"])
    before = book.run().same_files
    book.take_stock([], ["/class/cleo"])

    assert (SameFile("fc_a", ("ada", "cleo")),) == before
    assert () == book.run().same_files
