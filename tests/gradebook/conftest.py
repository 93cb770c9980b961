"""Gradebooks in a folder of the test's, and what is kept in them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.gradebook import Gradebook, RunFacts
from grader.records import (
    AlignedRow,
    Check,
    CheckName,
    DataFacts,
    Grade,
    Hint,
    History,
    Match,
    Outcome,
    PartGrade,
    Row,
    Rule,
    Source,
    Splits,
    Student,
    Submission,
    Totals,
    Training,
    WrongImage,
)

FACTS = RunFacts(
    grader="0.1.0",
    data=DataFacts("invented faces", "0" * 64, ("Ada", "Bo")),
    data_path=None,
    versions={"python": "3.12.1", "keras": "3.15.1", "tensorflow": "2.21.0"},
    sandbox="bubblewrap",
    parts=("fc_a", "fc_b", "cnn_a"),
    options={"paths": ["submissions"], "with_training": True},
)

Query = Callable[[str], list[tuple[object, ...]]]
Submit = Callable[..., Submission]


def training(key: str = "k", outcome: Outcome = Outcome.PASSED) -> Training:
    """A training of two epochs."""
    return Training(
        key=key,
        outcome=outcome,
        accuracy=Splits(0.9, 0.5, 0.25),
        loss=Splits(0.1, None, 2.0),
        epochs=2,
        seconds=3.5,
        cpu_seconds=3.25,
        seed=1,
        threads=1,
        history=History((2.0, 1.0), (0.5, 0.75), (2.5, 1.5), (0.25, 0.5)),
        confusion=((1, 3), (0, 0)),
        wrong=(WrongImage(index=1, label=0, said=1, probability=0.75),),
    )


def part_grade(part: str, score: float = 2.0, trained: Training | None = None) -> PartGrade:
    """A part with something of everything."""
    return PartGrade(
        part=part,
        outcome=Outcome.FAILED,
        score=score,
        max_score=4.0,
        checks=(
            Check(CheckName.LOADS, Outcome.PASSED, score, 2.0, "A network of 2 layers."),
            Check(CheckName.ARCHITECTURE, Outcome.FAILED, 0.0, 2.0, "1 of 2 rows match."),
        ),
        hints=(Hint(Rule.UNITS, 1, "Yours has 9 units, the table 8."), Hint(Rule.BIAS, None, "")),
        notes=("written differently",),
        rows=(AlignedRow(Match.EXTRA, None, Row("Dense", (None, 9), None)),),
        reference_totals=Totals(8, 8, 0),
        answer="Better than guessing.",
        output="ready\n",
        training=trained,
        threshold=0.6,
    )


def grade(submission: str, *parts: PartGrade, notices: tuple[str, ...] = ()) -> Grade:
    """The grade of a submission that is named as its student."""
    return Grade(
        submission=submission,
        student=Student(submission),
        score=sum(part.score for part in parts),
        max_score=sum(part.max_score for part in parts),
        parts=parts,
        report=f"students/{submission}/index.html",
        notices=notices,
    )


@pytest.fixture
def submit() -> Submit:
    """Return a function that makes a submission of a name, with the code of fc_a."""

    def make(name: str, code: bytes = b"x = 1\n", place: str = "") -> Submission:
        source = Source("fc_a", "fc_a.py", code)
        place = place or f"/class/{name}"
        return Submission(name, Student(name), {"fc_a": (source,)}, place=place)

    return make


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """An empty folder of results."""
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@pytest.fixture
def book(out: Path, submit: Submit) -> Iterator[Gradebook]:
    """A gradebook in that folder, in its first run, with the submissions ada, bo and cleo."""
    with Gradebook.open(out) as gradebook:
        gradebook.begin_run(FACTS)
        found = [submit(name, name.encode()) for name in ("ada", "bo", "cleo")]
        gradebook.take_stock(found, ["/class"])
        yield gradebook


@pytest.fixture
def query(out: Path) -> Query:
    """Return a function that asks the file what anyone may ask it."""

    def ask(sql: str) -> list[tuple[object, ...]]:
        connection = sqlite3.connect(out / "gradebook.sqlite")
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    return ask
