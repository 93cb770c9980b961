"""Points for answers: part of the total, kept through grading, also in files of version 1."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.gradebook import Gradebook
from grader.gradebook.database import FILE
from grader.gradebook.schema import MIGRATIONS, migrate, version_of
from grader.records import Mark
from tests.gradebook.conftest import grade, part_grade

if TYPE_CHECKING:
    from tests.gradebook.conftest import Query, Submit

ANSWER = part_grade("fc_a").answer
MARK = Mark(0.75, 1.0, "Why?", ANSWER)


@pytest.fixture
def graded(book: Gradebook) -> Gradebook:
    """The gradebook with grades of 2 of 4 points in each of two parts."""
    for name in ("ada", "bo"):
        book.keep_grade(grade(name, part_grade("fc_a"), part_grade("fc_b")))
    return book


def totals(book: Gradebook) -> list[tuple[float, float]]:
    """Points and maximum of all, and that the view which people query says the same."""
    rows = book._database.rows("SELECT score, max_score FROM result")  # noqa: SLF001 - to compare
    found = [(one.score, one.max_score) for one in book.run().grades]
    assert found == [tuple(row) for row in rows]
    return found


def test_an_answer_counts_once_it_has_points(graded: Gradebook) -> None:
    """The part and the total have the points and their maximum; who has none yet loses nothing."""
    graded.mark({("ada", "fc_a"): MARK})
    first, second = graded.run().grades[0].parts

    assert (MARK, 2.75, 5.0) == (first.mark, first.score, first.max_score)
    assert (None, 2.0, 4.0) == (second.mark, second.score, second.max_score)
    assert [(4.75, 9.0), (4.0, 8.0)] == totals(graded)


def test_points_are_replaced_and_taken_away(graded: Gradebook, query: Query) -> None:
    """The newest count, None takes them away, and the diary has it all."""
    graded.mark({("ada", "fc_a"): MARK, ("bo", "fc_b"): MARK})
    graded.mark({("ada", "fc_a"): None, ("bo", "fc_b"): replace(MARK, points=0.0)})

    assert [(4.0, 8.0), (4.0, 9.0)] == totals(graded)
    assert [
        ("ada", "fc_a: 0.75 of 1"),
        ("bo", "fc_b: 0.75 of 1"),
        ("ada", "fc_a: no points"),
        ("bo", "fc_b: 0 of 1"),
    ] == query("SELECT submission, detail FROM event WHERE kind = 'marked' ORDER BY id")


def test_kept_through_grading(graded: Gradebook, submit: Submit) -> None:
    """A submission that is graded anew keeps the points, and says what they were given to."""
    graded.mark({("ada", "fc_a"): MARK})
    graded.take_stock([submit("ada", b"new")], [])
    anew = replace(part_grade("fc_a", 4.0), answer="Another one.")
    graded.keep_grade(grade("ada", anew))
    part = graded.run().grades[0].parts[0]

    assert (4.75, 5.0, "Another one.", MARK) == (part.score, part.max_score, part.answer, part.mark)
    assert [(6.75, 9.0), (4.0, 8.0)] == totals(graded)


def test_all_or_nothing(graded: Gradebook) -> None:
    """Where one of several cannot be kept, none is."""
    with pytest.raises(Exception, match="FOREIGN KEY"):
        graded.mark({("ada", "fc_a"): MARK, ("nobody", "fc_a"): MARK})

    assert [(4.0, 8.0), (4.0, 8.0)] == totals(graded)


def test_file_of_version_1(tmp_path: Path) -> None:
    """Grades and corrections of an older gradebook are there, with the times of hand-in."""
    connection = sqlite3.connect(tmp_path / FILE)
    migrate(connection, MIGRATIONS[:1])
    connection.executescript(
        """
        INSERT INTO run VALUES (1, 't', 't', 'finished', '0.1.0', '', 'small', 'ab', NULL, '[]',
            '{}', '{}', '["fc_a"]');
        INSERT INTO submission VALUES ('ada', 'Ada', NULL, NULL, '/class/ada', 'ab', 1, NULL, NULL,
            't', 't', NULL);
        INSERT INTO grade VALUES (1, 'ada', 1, 't', 1, 2.0, 4.0, 'students/ada/index.html', 1,
            '2026-03-01T12:00:00Z', '[]');
        INSERT INTO part VALUES (1, 'fc_a', 'failed', 2.0, 4.0, 'Good.', NULL, '', NULL, NULL,
            '{"notes":[],"rows":[],"reference_totals":{"total":null,"trainable":null,
            "non_trainable":null},"submitted_totals":{"total":null,"trainable":null,
            "non_trainable":null},"training":null}');
        INSERT INTO adjustment VALUES ('ada', 'fc_a', -0.5, 'Copied.', 't');
        """
    )
    connection.close()
    with Gradebook.open(tmp_path) as book:
        book.mark({("ada", "fc_a"): replace(MARK, answer="Good.")})
        (found,) = book.run().grades
        assert [(2.25, 5.0)] == totals(book)
    connection = sqlite3.connect(tmp_path / FILE)

    assert len(MIGRATIONS) == version_of(connection)
    assert ("Good.", "2026-03-01T12:00:00Z") == (
        found.parts[0].answer,
        found.parts[0].submitted_at,
    )
    connection.close()
