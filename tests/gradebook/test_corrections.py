"""Points by hand: added to the total, kept through grading, told with their reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from grader.errors import UsageError
from grader.gradebook import Gradebook
from tests.gradebook.conftest import grade, part_grade

if TYPE_CHECKING:
    from tests.gradebook.conftest import Query, Submit


@pytest.fixture
def graded(book: Gradebook) -> Gradebook:
    """The gradebook with grades of 2 of 4 points, in one part."""
    for name in ("ada", "bo", "cleo"):
        book.keep_grade(grade(name, part_grade("fc_a")))
    return book


def scores(book: Gradebook) -> list[float]:
    """The points of ada, bo and cleo."""
    return [found.score for found in book.run().grades]


def test_points_are_added_to_the_total(graded: Gradebook) -> None:
    """The total has them, the part keeps its own; nobody else's grade is touched."""
    graded.adjust("ada", "fc_a", -0.5, " Handed in late. ")
    found = graded.run().grades[0]

    (made,) = found.adjustments
    assert ("fc_a", -0.5, "Handed in late.") == (made.part, made.points, made.reason)
    assert (1.5, 2.0) == (found.score, found.parts[0].score)
    assert [1.5, 2.0, 2.0] == scores(graded)


def test_never_below_zero(graded: Gradebook, query: Query) -> None:
    """More points than there are cannot be taken; the view that people query says the same."""
    graded.adjust("ada", "fc_a", -7, "Copied.")

    assert [0.0, 2.0, 2.0] == scores(graded)
    assert [(0.0,), (2.0,), (2.0,)] == query("SELECT score FROM result")


def test_the_newest_counts_and_zero_takes_it_away(graded: Gradebook, query: Query) -> None:
    """A second correction of a part replaces the first; every change is in the diary."""
    graded.adjust("ada", "fc_a", -0.5, "Late.")
    graded.adjust("ada", "fc_a", 1, "A good idea.")
    once = scores(graded)[0]
    graded.adjust("ada", "fc_a", 0, "A mistake of mine.")

    assert (3.0, 2.0) == (once, scores(graded)[0])
    assert [
        ("fc_a: 0 -> -0.5: Late.",),
        ("fc_a: -0.5 -> 1: A good idea.",),
        ("fc_a: 1 -> 0: A mistake of mine.",),
    ] == query("SELECT detail FROM event WHERE kind = 'adjusted' AND submission = 'ada'")


def test_kept_through_grading(graded: Gradebook, submit: Submit) -> None:
    """A changed submission that is graded anew keeps the correction."""
    graded.adjust("ada", "fc_a", -0.5, "Late.")
    graded.take_stock([submit("ada", b"new")], [])
    graded.keep_grade(grade("ada", part_grade("fc_a", 4.0)))

    assert 3.5 == scores(graded)[0]


def test_unknown_submission(graded: Gradebook) -> None:
    """The ids that come near are named."""
    with pytest.raises(UsageError, match=r"no submission 'clo'\. Did you mean cleo"):
        graded.adjust("clo", "fc_a", 1, "x")


def test_unknown_part(graded: Gradebook) -> None:
    """The parts that the submission has are named."""
    with pytest.raises(UsageError, match=r"ada has no part 'cnn_a'\. Its parts are fc_a"):
        graded.adjust("ada", "cnn_a", 1, "x")


@pytest.mark.parametrize("points", [float("nan"), float("inf"), float("-inf")])
def test_no_points(graded: Gradebook, points: float) -> None:
    """What is no number of points is refused."""
    with pytest.raises(UsageError, match="are no points"):
        graded.adjust("ada", "fc_a", points, "x")


def test_no_reason(graded: Gradebook) -> None:
    """A reason of blanks is none."""
    with pytest.raises(UsageError, match="needs a reason"):
        graded.adjust("ada", "fc_a", 1, " \n")


def test_part_with_another_id(graded: Gradebook, query: Query) -> None:
    """An old id counts no more, nor do points by hand for it, until it is there again."""
    graded.keep_grade(grade("ada", part_grade("cnn_old", 3.0)))
    graded.adjust("ada", "cnn_old", 0.5, "Talked about it.")
    result = "SELECT score, max_score FROM result ORDER BY submission"
    before = query(result)

    assert ("cnn_old",) == graded.drop_parts(["fc_a", "cnn_new"])
    assert ["fc_a"] == [part.part for part in graded.run().grades[0].parts]
    assert ([2.0] * 3, ()) == (scores(graded), graded.run().grades[0].adjustments)
    assert [(2.0, 4.0)] * 3 == query(result)
    assert () == graded.drop_parts(["fc_a"])

    graded.keep_grade(grade("ada", part_grade("cnn_old", 3.0)))

    assert [5.5, 2.0, 2.0] == scores(graded)
    assert before == query(result)
