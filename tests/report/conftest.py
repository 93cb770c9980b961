"""Made-up students, and pixels for the test images that their networks got wrong."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

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
    Part,
    PartGrade,
    Protocol,
    Row,
    Rule,
    Run,
    Splits,
    Student,
    Summary,
    Totals,
    Training,
    WrongImage,
)
from grader.report.images import Album

NAMES = ("Ada", "Bo", "Cleo", "Dev", "Eli", "Fay", "Gus", "Hana")
TABLE = (
    Row("Conv2D", (None, 48, 48, 32), 896),
    Row("Activation", (None, 48, 48, 32), 0),
    Row("Conv2D", (None, 48, 48, 32), 9248),
    Row("Activation", (None, 48, 48, 32), 0),
    Row("MaxPooling2D", (None, 24, 24, 32), 0),
    Row("Conv2D", (None, 24, 24, 64), 18496),
    Row("Activation", (None, 24, 24, 64), 0),
    Row("Conv2D", (None, 24, 24, 64), 36928),
    Row("Activation", (None, 24, 24, 64), 0),
    Row("MaxPooling2D", (None, 12, 12, 64), 0),
    Row("Flatten", (None, 9216), 0),
    Row("Dense", (None, 200), 1843400),
    Row("Activation", (None, 200), 0),
    Row("Dense", (None, 8), 1608),
    Row("Activation", (None, 8), 0),
)
# without padding='same' the borders shrink: 48 - 2 - 2 = 44, 22 - 2 - 2 = 18, 9 x 9 x 64 = 5184
UNPADDED = (46, 46, 44, 44, 22, 20, 20, 18, 18, 9)
TOTALS = Totals(1910576, 1910576, 0)
POINTS = dict(zip(CheckName, (0.5, 1.5, 0.5, 0.5, 1.0), strict=True))


def aligned_as_table() -> tuple[AlignedRow, ...]:
    """All rows as in the table."""
    return tuple(AlignedRow(Match.SAME, row, row) for row in TABLE)


def aligned_unpadded() -> tuple[AlignedRow, ...]:
    """The rows of a network whose convolutions have no padding."""
    rows = []
    for row, size in zip(TABLE, UNPADDED, strict=False):
        assert row.shape is not None
        submitted = Row(row.layer, (None, size, size, row.shape[-1]), row.params)
        rows.append(AlignedRow(Match.DIFFERENT, row, submitted))
    flat = AlignedRow(Match.DIFFERENT, TABLE[10], Row("Flatten", (None, 5184), 0))
    dense = AlignedRow(Match.DIFFERENT, TABLE[11], Row("Dense", (None, 200), 1037000))
    same = tuple(AlignedRow(Match.SAME, row, row) for row in TABLE[12:])
    return (*rows, flat, dense, *same)


def checks(*outcomes: Outcome, messages: Mapping[CheckName, str]) -> tuple[Check, ...]:
    """The five checks with these outcomes; those left out are skipped."""
    padded = (*outcomes, *[Outcome.SKIPPED] * (len(CheckName) - len(outcomes)))
    return tuple(
        Check(
            name=name,
            outcome=outcome,
            score=POINTS[name] if outcome is Outcome.PASSED else 0.0,
            max_score=POINTS[name],
            message=messages.get(name, "" if outcome is Outcome.PASSED else "Not checked yet."),
        )
        for name, outcome in zip(CheckName, padded, strict=True)
    )


def training(top: float = 0.703, epochs: int = 30) -> Training:
    """A training whose validation and test accuracy end near `top`."""
    steps = range(1, epochs + 1)
    valid = tuple(top * (1 - math.exp(-step / 4)) - 0.01 * (step % 3) for step in steps)
    return Training(
        key="k",
        outcome=Outcome.PASSED,
        accuracy=Splits(0.996, top, top),
        loss=Splits(0.01, 1.31, 1.28),
        epochs=epochs,
        seconds=95.2,
        cpu_seconds=94.0,
        seed=1,
        threads=1,
        history=History(
            loss=tuple(2.6 * math.exp(-step / 5) for step in steps),
            accuracy=tuple(1 - 0.8 * math.exp(-step / 5) for step in steps),
            val_loss=tuple(1.9 * math.exp(-step / 4) + 0.04 * step for step in steps),
            val_accuracy=valid,
        ),
        confusion=tuple(
            tuple(36 if i == j else (3 * i + 5 * j) % 5 for j in range(8)) for i in range(8)
        ),
        wrong=tuple(
            WrongImage(index=3 * n, label=n % 8, said=(n + 3) % 8, probability=0.98 - n / 200)
            for n in range(119)
        ),
    )


def part_of(
    part: str,
    outcome: Outcome,
    made: tuple[Check, ...],
    **more: object,
) -> PartGrade:
    """A part with these checks, and the points of those that passed."""
    score = sum(check.score for check in made)
    return PartGrade(
        part=part,
        outcome=outcome,
        score=score,
        max_score=sum(POINTS.values()),
        checks=made,
        **more,  # type: ignore[arg-type]  # keyword arguments of a test's own making
    )


def passing(part: str = "cnn_a") -> PartGrade:
    """A part with all that a report can show."""
    return part_of(
        part,
        Outcome.PASSED,
        checks(
            *[Outcome.PASSED] * 5,
            messages={CheckName.ACCURACY: "Test accuracy 0.703, and 0.620 was needed."},
        ),
        rows=aligned_as_table(),
        reference_totals=TOTALS,
        submitted_totals=TOTALS,
        training=training(),
        threshold=0.62,
        shared_with=41,
        answer="Train is at 1.00, valid and test at about 0.70:\nit knows its images by heart.",
        output="x.shape (2000, 48, 48, 3)\nready\n",
        notes=("activation='relu' inside Conv2D counts as the Activation layer after it.",),
    )


def unpadded(part: str = "cnn_a") -> PartGrade:
    """A part whose padding was forgotten, so that every shape is another."""
    return part_of(
        part,
        Outcome.FAILED,
        checks(
            Outcome.PASSED,
            Outcome.FAILED,
            messages={
                CheckName.ARCHITECTURE: "3 of 15 rows match; the first difference is in row 1."
            },
        ),
        rows=aligned_unpadded(),
        reference_totals=TOTALS,
        submitted_totals=Totals(1104176, 1104176, 0),
        hints=(
            Hint(
                Rule.PADDING,
                1,
                "Your first convolution gives 46 x 46, the table 48 x 48: with padding='same' "
                "the border is kept.",
            ),
        ),
    )


def not_attempted(part: str = "cnn_c") -> PartGrade:
    """A part whose stub is untouched."""
    return part_of(
        part,
        Outcome.NOT_ATTEMPTED,
        checks(
            Outcome.NOT_ATTEMPTED,
            messages={CheckName.LOADS: f"{part}.py is still as it was handed out."},
        ),
    )


def timed_out(part: str = "cnn_b") -> PartGrade:
    """A part whose file ran into the time limit."""
    return part_of(
        part,
        Outcome.TIMED_OUT,
        checks(
            Outcome.TIMED_OUT,
            messages={
                CheckName.LOADS: "build_model() had not returned after 20 s of CPU time.\n"
                '  File "cnn_b.py", line 4, in build_model\n    while True:\n'
            },
        ),
        hints=(Hint(Rule.TIME_LIMIT, None, "Look for a loop that never ends in build_model()."),),
        output="step 1\nstep 2\nstep 3\n[cut: 1,204,112 more bytes]",
    )


def grader_trouble(part: str = "fc_b") -> PartGrade:
    """A part in whose training the grader failed."""
    return part_of(
        part,
        Outcome.GRADER_ERROR,
        checks(
            Outcome.PASSED,
            Outcome.PASSED,
            Outcome.PASSED,
            Outcome.GRADER_ERROR,
            messages={CheckName.TRAINING: "The worker that trained this network was lost."},
        ),
        rows=aligned_as_table(),
        reference_totals=TOTALS,
        submitted_totals=TOTALS,
    )


def grade_of(name: str, *parts: PartGrade, notices: tuple[str, ...] = ()) -> Grade:
    """The grade of one student."""
    return Grade(
        submission=name.lower().replace(" ", "_"),
        student=Student(name),
        score=sum(part.score for part in parts),
        max_score=sum(part.max_score for part in parts),
        parts=parts,
        report=f"students/{name.lower().replace(' ', '_')}/index.html",
        notices=notices,
    )


def run_of(*grades: Grade) -> Run:
    """A run with these grades."""
    return Run(
        grader="0.1.0",
        data=DataFacts("invented faces", "0123456789abcdef" * 4, NAMES),
        versions={"python": "3.12.1", "keras": "3.15.1", "tensorflow": "2.21.0"},
        sandbox="bubblewrap: no network, no files outside",
        grades=grades,
    )


def part(part_id: str, title: str, question: str) -> Part:
    """A part of a sheet."""
    return Part(
        id=part_id,
        sheet="faces",
        title=title,
        question=question,
        reference=Summary(TABLE, TOTALS),
        input_shape=(48, 48, 3),
        num_classes=8,
        protocol=Protocol(30, 128, "adam", "categorical_crossentropy", "standardize", 1),
        points=POINTS,
        time_limit_seconds=600.0,
        calibrations=(),
        stub=Path(f"exercises/faces/{part_id}.py"),
    )


@pytest.fixture
def parts() -> dict[str, Part]:
    """The five parts of the two sheets."""
    question = "How good is it on train, valid and test, and what do you make of that?"
    titles = {
        "fc_a": "One dense layer",
        "fc_b": "Three dense layers",
        "cnn_a": "Convolutions",
        "cnn_b": "Convolutions with dropout",
        "cnn_c": "Convolutions with batch normalization",
    }
    return {part_id: part(part_id, title, question) for part_id, title in titles.items()}


@pytest.fixture
def album() -> Album:
    """A test set of 400 images of noise."""
    generator = np.random.default_rng(1)
    return Album(generator.integers(0, 256, (400, 48, 48, 3), dtype=np.uint8))


@pytest.fixture
def perfect() -> Grade:
    """All five parts passed."""
    ids = ("fc_a", "fc_b", "cnn_a", "cnn_b", "cnn_c")
    return grade_of("Ada Perfect", *[passing(part_id) for part_id in ids])


@pytest.fixture
def padding_forgotten() -> Grade:
    """Two parts passed, then the padding forgotten, then nothing more."""
    return grade_of(
        "Bo Unpadded",
        passing("fc_a"),
        passing("fc_b"),
        unpadded("cnn_a"),
        not_attempted("cnn_b"),
        not_attempted("cnn_c"),
        notices=("cnn_a (1).py was taken for cnn_a.py.",),
    )


@pytest.fixture
def stubs_only() -> Grade:
    """Nothing attempted."""
    ids = ("fc_a", "fc_b", "cnn_a", "cnn_b", "cnn_c")
    return grade_of("Cleo Stubs", *[not_attempted(part_id) for part_id in ids])


@pytest.fixture
def slow_one() -> Grade:
    """A time limit met, and trouble of the grader's own."""
    return grade_of(
        "Dev Looping",
        passing("fc_a"),
        grader_trouble("fc_b"),
        unpadded("cnn_a"),
        timed_out("cnn_b"),
        not_attempted("cnn_c"),
    )


@pytest.fixture
def whole_run(perfect: Grade, padding_forgotten: Grade, stubs_only: Grade, slow_one: Grade) -> Run:
    """A class of four."""
    return run_of(perfect, padding_forgotten, stubs_only, slow_one)


@pytest.fixture
def as_run() -> Callable[..., Run]:
    """A run of the given grades."""
    return run_of
