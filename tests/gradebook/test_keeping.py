"""The gradebook: what is kept reads back equal, and a grade is new only where it differs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from grader.errors import UsageError
from grader.gradebook import Gradebook
from grader.records import (
    AlignedRow,
    Check,
    Description,
    Fault,
    Grade,
    Hint,
    Outcome,
    PartGrade,
    Rebuilt,
    Row,
    Student,
    Submission,
    Totals,
    Training,
)
from tests.gradebook.conftest import FACTS, grade, part_grade, training

if TYPE_CHECKING:
    from tests.gradebook.conftest import Query

points = st.floats(0, 100).map(lambda score: round(score, 2))
texts = st.text(max_size=20)
shapes = st.lists(st.none() | st.integers(0, 99), max_size=3).map(tuple)
rows = st.builds(Row, texts, st.none() | shapes, st.none() | st.integers())
totals = st.builds(Totals, *[st.none() | st.integers(0)] * 3)
numbers = st.floats(allow_nan=False)
trainings = st.builds(
    Training,
    key=st.sampled_from(["k", "l"]),
    epochs=st.integers(0, 99),
    seconds=points,
    cpu_seconds=points,
    confusion=st.just(((1, 2), (3, 4))),
)
hints = st.builds(Hint, row=st.none() | st.integers(1, 40))
checks = st.builds(Check, score=points, max_score=points)
# A field that is not among these gets values by its type, also where it has a default.
given_fields = {
    "part": st.sampled_from(FACTS.parts),
    "score": points,
    "max_score": points,
    "checks": st.lists(checks, max_size=5).map(tuple),
    "hints": st.lists(hints, max_size=2).map(tuple),
    "notes": st.lists(texts, max_size=2).map(tuple),
    "rows": st.lists(st.builds(AlignedRow, reference=rows, submitted=rows), max_size=2).map(tuple),
    "reference_totals": totals,
    "submitted_totals": totals,
    "submitted_at": st.none() | texts,
    "mark": st.none(),
    "training": st.none() | trainings,
    "threshold": st.none() | st.floats(0, 1),
    "shared_with": st.just(0),
}
all_fields = {field.name: ... for field in fields(PartGrade)} | given_fields
part_grades = st.builds(PartGrade, **all_fields)


def in_order(parts: list[PartGrade]) -> tuple[PartGrade, ...]:
    """The parts in the order of the sheets."""
    return tuple(sorted(parts, key=lambda part: FACTS.parts.index(part.part)))


grades = st.builds(
    Grade,
    submission=st.just("ada"),
    student=st.builds(Student, texts, st.none() | texts, st.none() | texts),
    parts=st.lists(part_grades, max_size=3, unique_by=lambda part: part.part).map(in_order),
    attempt=st.integers(1, 9),
    submitted_at=st.none() | texts,
    notices=st.lists(texts, max_size=2).map(tuple),
    adjustments=st.just(()),
)


def with_sums(drawn: Grade) -> Grade:
    """The grade with the sums of its parts, and one result for each key of a training."""
    first: dict[str, Training] = {}
    parts = []
    for part in drawn.parts:
        made = part.training
        if made is not None and made.outcome is not Outcome.GRADER_ERROR:
            part = replace(part, training=first.setdefault(made.key, made))  # noqa: PLW2901
        parts.append(part)
    return replace(
        drawn,
        parts=tuple(parts),
        score=round(sum((part.score for part in parts), 0.0), 2),
        max_score=round(sum((part.max_score for part in parts), 0.0), 2),
    )


@pytest.fixture(scope="module")
def one_for_all(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gradebook]:
    """A gradebook that many examples are kept in."""
    with Gradebook.open(tmp_path_factory.mktemp("one")) as gradebook:
        gradebook.begin_run(FACTS)
        yield gradebook


# Without shrinking, which would take minutes where each example is written to the disk.
@settings(
    max_examples=40,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
@given(drawn=grades.map(with_sums))
def test_a_grade_reads_back_as_it_was(one_for_all: Gradebook, drawn: Grade) -> None:
    """All of a grade is there again, and to keep it once more changes nothing."""
    book = one_for_all
    number = len(book.ids_by_place())
    drawn = replace(drawn, submission=f"s{number:06}")
    submission = Submission(
        id=drawn.submission,
        student=drawn.student,
        sources={},
        attempt=drawn.attempt,
        submitted_at=drawn.submitted_at,
        place=f"/class/{number}",
    )
    book.take_stock([submission], ["/class"])
    for part in drawn.parts:
        if part.training is not None:
            book.keep_training(part.training)
    is_new, is_new_again = book.keep_grade(drawn), book.keep_grade(drawn)
    (found,) = book.run().grades

    assert (True, False) == (is_new, is_new_again)
    # NaN, which a training may hold, is not equal to itself.
    assert repr(drawn) == repr(found)


def test_the_facts_of_the_last_run_are_those_of_all(book: Gradebook) -> None:
    """Data set, versions, sandbox and version of the grader are those of the newest run."""
    book.begin_run(replace(FACTS, grader="0.2.0", data_path=Path("/faces.npz")))
    run = book.run()

    assert ("0.2.0", FACTS.data, FACTS.versions) == (run.grader, run.data, run.versions)
    assert ("bubblewrap", Path("/faces.npz")) == (run.sandbox, book.data_path())


def test_history(book: Gradebook, query: Query) -> None:
    """A grade that differs becomes the current one; the one before stays, and both are told."""
    book.keep_grade(grade("ada", part_grade("fc_a", 2.0)))
    book.keep_grade(grade("ada", part_grade("fc_a", 3.0)))

    assert [(2.0, 0), (3.0, 1)] == query("SELECT score, is_current FROM grade ORDER BY id")
    assert [("graded", "2 of 4"), ("regraded", "2 of 4 -> 3 of 4")] == query(
        "SELECT kind, detail FROM event WHERE kind LIKE '%graded'"
    )
    assert [3.0] == [found.score for found in book.run().grades]


def test_parts_that_were_not_asked_for_stay(book: Gradebook) -> None:
    """A grade of one part leaves the others as they were; all stand in the order of the sheets."""
    first = grade("ada", part_grade("fc_a", 1.0, training()), part_grade("cnn_a", 2.0))
    book.keep_grade(first)
    book.keep_grade(grade("ada", part_grade("fc_b", 3.0)))
    (found,) = book.run().grades

    assert ["fc_a", "fc_b", "cnn_a"] == [part.part for part in found.parts]
    assert first.parts == (found.parts[0], found.parts[2])
    assert (6.0, 12.0) == (found.score, found.max_score)


def test_sharing_counts_all_that_are_there(book: Gradebook) -> None:
    """Each part says how many other submissions have its training, and says it anew each time."""
    for name in ("ada", "bo", "cleo"):
        book.keep_grade(grade(name, part_grade("fc_a", trained=training("abc"[name == "bo"]))))
    shared = [found.parts[0].shared_with for found in book.run().grades]
    book.take_stock([], ["/class/cleo"])

    assert [1, 0, 1] == shared
    assert [0, 0] == [found.parts[0].shared_with for found in book.run().grades]


def test_steps_are_remembered(book: Gradebook, out: Path) -> None:
    """Descriptions, networks and trainings come back under their keys, in later runs too."""
    description = Description(None, Fault(Outcome.ERROR, None, {"line": 3}), answer="ä")
    network = Rebuilt((Row("Dense", (None, 8), 9),), Totals(9, 9, 0), ((None, 1),), None)
    book.keep_description("a", "fc_a", description)
    book.keep_network("b", network)
    book.keep_training(training("c"))

    with Gradebook.read(out) as again:
        assert (description, network) == (again.description("a"), again.network("b"))
        assert training("c") == again.training("c")
        nothing = (again.description("b"), again.network("c"), again.training("a"))
        assert (None, None, None) == nothing


def test_what_the_grader_failed_at_is_not_remembered(book: Gradebook) -> None:
    """The grader's own faults are found out anew; the machine's bad days are remembered."""
    fault = Fault(Outcome.GRADER_ERROR, None)
    book.keep_description("a", "fc_a", Description(None, fault))
    book.keep_network("b", Rebuilt((), Totals(None, None, None), (), None, fault))
    book.keep_training(training("c", Outcome.GRADER_ERROR))
    book.keep_grade(grade("ada", part_grade("fc_a", trained=training("d", Outcome.GRADER_ERROR))))
    slow = training("e", Outcome.TIMED_OUT)
    book.keep_training(slow)

    found = (book.description("a"), book.network("b"), book.training("c"), book.training("d"))
    assert (None,) * 4 == found
    assert slow == book.training("e")


def test_a_training_done_again_takes_the_place_of_the_old(book: Gradebook) -> None:
    """Grades that refer to it show its new numbers."""
    book.keep_training(training())
    book.keep_grade(grade("ada", part_grade("fc_a", trained=training())))
    anew = replace(training(), seconds=99.0)
    book.keep_training(anew)

    assert anew == book.training("k")
    assert anew == book.run().grades[0].parts[0].training


def test_a_record_of_another_shape_is_not_remembered(book: Gradebook, query: Query) -> None:
    """What cannot be understood is found out anew, and the new takes its place."""
    book.keep_training(training())
    query("SELECT 1")
    book._database.write("UPDATE training SET record = '{}'")  # noqa: SLF001 - as time may do it

    assert book.training("k") is None
    book.keep_training(training())
    assert training() == book.training("k")


def test_nothing_graded_yet(out: Path) -> None:
    """A folder without a gradebook, and one without a run, say which command makes one."""
    with pytest.raises(UsageError, match=r"has no gradebook\.sqlite\. `grader grade PATH -o"):
        Gradebook.read(out)
    Gradebook.open(out).close()
    with Gradebook.read(out) as book, pytest.raises(UsageError, match="holds no run yet"):
        book.run()


def test_page_digests(book: Gradebook) -> None:
    """What a page was made from is known until it is made from something else."""
    assert book.page_digest("students/ada/index.html") is None
    book.keep_page_digest("students/ada/index.html", "a")
    book.keep_page_digest("students/ada/index.html", "b")

    assert "b" == book.page_digest("students/ada/index.html")


def test_one_grade_is_that_of_the_whole_run(book: Gradebook) -> None:
    """A grade that is read alone is the same with its parts and corrections, but for sharing."""
    for name in ("ada", "bo"):
        book.keep_grade(grade(name, part_grade("fc_a", trained=training()), part_grade("fc_b")))
    book.keep_grade(grade("ada", part_grade("fc_b", 1.0)))
    book.adjust("ada", "fc_a", -0.5, "Late.")
    of_run = next(one for one in book.run().grades if one.submission == "ada")
    alone = book.grade("ada")

    assert [1, 0] == [one.parts[0].shared_with for one in (of_run, alone)]
    assert of_run == replace(
        alone, parts=tuple(replace(p, shared_with=int(p.part == "fc_a")) for p in alone.parts)
    )
    with pytest.raises(UsageError, match="no grade of 'cleo'"):
        book.grade("cleo")
