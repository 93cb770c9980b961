"""docs/gradebook.md: the queries that it shows run, and find something."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.gradebook import Gradebook
from tests.gradebook.conftest import grade, part_grade, training

if TYPE_CHECKING:
    from tests.gradebook.conftest import Query, Submit

DOCUMENT = (Path(__file__).parents[2] / "docs" / "gradebook.md").read_text("utf-8")
QUERIES = re.findall(r"```sql\n-- (.*?)\n(.*?)```", DOCUMENT, re.DOTALL)


@pytest.mark.parametrize(("title", "sql"), QUERIES, ids=[title for title, _ in QUERIES])
def test_query(book: Gradebook, submit: Submit, query: Query, title: str, sql: str) -> None:
    """On a class of a few each query gives rows."""
    book.take_stock([submit("doe_jane")], [])
    for name in ("ada", "bo", "doe_jane"):
        book.keep_grade(grade(name, part_grade("fc_a", trained=training())))
    book.adjust("ada", "fc_a", -0.5, "Late.")

    assert [] != query(sql), title


def test_there_are_queries() -> None:
    """The document shows some; a change of its layout would leave them untested."""
    assert 7 == len(QUERIES)


def test_every_table_is_named(book: Gradebook, query: Query) -> None:
    """The document knows every table and view that there is, and its version."""
    book.keep_training(training())
    names = query("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")

    assert [] == [name for (name,) in names if f"`{name}`" not in DOCUMENT]
    (version,) = query("PRAGMA user_version")
    assert f"Version {version[0]} (`PRAGMA user_version`)" in DOCUMENT
