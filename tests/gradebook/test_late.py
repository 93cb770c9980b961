"""Late hand-ins in the gradebook: what they lose is part of the total, by the rule of now."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from grader.gradebook import Gradebook
from grader.records import Amount, Due, LateRule, Mark, Unit
from tests.gradebook.conftest import grade, part_grade
from tests.grading.test_lateness import RULE

if TYPE_CHECKING:
    from tests.gradebook.conftest import Query

LATE, IN_TIME = "2026-03-02T12:00:00Z", "2026-03-01T12:00:00Z"


def keep(book: Gradebook) -> None:
    """Three students with 2 of 4 points: one is late, one in time, one came nobody knows when."""
    for name, at in (("ada", LATE), ("bo", IN_TIME), ("cleo", None)):
        book.keep_grade(grade(name, replace(part_grade("fc_a"), submitted_at=at)))


def scores(book: Gradebook, query: Query) -> list[float]:
    """The points of all, which are the same in the view that people query."""
    found = [one.score for one in book.run().grades]
    assert [(score,) for score in found] == query("SELECT score FROM result")
    return found


def test_only_who_is_late_loses_points(book: Gradebook, query: Query) -> None:
    """A day of 10% of 4 points; who came nobody knows when loses nothing, and is named."""
    keep(book)
    book.settle(RULE)
    run = book.run()

    assert [1.6, 2.0, 2.0] == scores(book, query)
    assert [("faces_fc", -0.4)] == [(made.sheet, made.points) for made in run.grades[0].late]
    assert ((), ()) == (run.grades[1].late, run.grades[2].late)
    assert ("cleo",) == run.untimed


def test_settled_again(book: Gradebook, query: Query) -> None:
    """Other points, another rule and none at all change it; the same again changes nothing."""
    keep(book)
    book.settle(RULE)
    made = book.run().grades[0].late
    book.settle(RULE, "ada")
    again = book.run().grades[0].late
    book.mark({("ada", "fc_a"): Mark(1.0, 2.0, "", "")})
    book.settle(RULE)
    marked = scores(book, query)[0]
    book.settle(replace(RULE, per_day=Amount(1.0, Unit.POINTS)))
    other = scores(book, query)[0]
    book.settle(None)

    assert made == again
    assert (2.4, 2.0, 3.0) == (marked, other, scores(book, query)[0])
    assert () == book.run().untimed
    events = query("SELECT detail FROM event WHERE kind = 'late' AND submission = 'ada'")
    assert 4 == len(events)


def test_one_of_many(book: Gradebook, query: Query) -> None:
    """Settling one submission leaves the others as they are."""
    keep(book)
    book.settle(RULE)
    due = Due("faces_fc", ("fc_a",), RULE.dues[0].at.replace(year=2025))
    rule = LateRule((due,), RULE.per_day, RULE.cap, RULE.grace_minutes)
    book.settle(rule, "bo")

    assert [1.6, 0.0, 2.0] == scores(book, query)
