"""One small part and all that is known of a right submission of it; tests change one thing."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.grading import Evidence
from grader.grading.describing import Described
from grader.records import (
    AlignedRow,
    Architecture,
    Calibration,
    CheckName,
    Comparison,
    Description,
    History,
    Match,
    Outcome,
    OutputCheck,
    Part,
    Protocol,
    Rebuilt,
    Row,
    Splits,
    Summary,
    Totals,
    Training,
)

ROWS = (Row("Dense", (None, 3), 4 * 3 + 3), Row("Activation", (None, 3), 0))
TOTALS = Totals(15, 15, 0)
CALIBRATION = Calibration(
    threshold=0.6,
    mean=0.7,
    sd=0.03,
    num_seeds=10,
    data="small",
    data_sha256="d" * 64,
    versions={"python": "3.12.1", "keras": "3.15.1", "tensorflow": "2.21.0"},
)
ARCHITECTURE = Architecture(
    layers=(), outputs=(), digest="a" * 64, rows=ROWS, totals=TOTALS, input_shapes=((None, 4),)
)


@pytest.fixture
def part() -> Part:
    """A part with two rows, three classes, 4 points in all and a threshold of 0.6."""
    return Part(
        id="fc_a",
        sheet="faces_fc",
        title="One layer",
        question="How good is it?",
        reference=Summary(ROWS, TOTALS),
        input_shape=(4,),
        num_classes=3,
        protocol=Protocol(30, 128, "adam", "categorical_crossentropy", "standardize-per-pixel", 1),
        points=dict(zip(CheckName, (0.5, 1.5, 0.5, 0.5, 1.0), strict=True)),
        time_limit_seconds=60.0,
        calibrations=(CALIBRATION,),
        stub=Path("fc_a.py"),
    )


@pytest.fixture
def training() -> Training:
    """A training that finished with a test accuracy of 0.8."""
    return Training(
        key="k" * 64,
        outcome=Outcome.PASSED,
        accuracy=Splits(0.9, 0.8, 0.8),
        loss=Splits(0.1, 0.4, 0.4),
        epochs=30,
        seconds=12.0,
        cpu_seconds=12.0,
        seed=1,
        threads=1,
        history=History(),
    )


@pytest.fixture
def right(training: Training) -> Evidence:
    """All that is known of a submission for which every check passes."""
    return Evidence(
        Described("fc_a.py", Description(architecture=ARCHITECTURE, fault=None)),
        Rebuilt(
            rows=ROWS,
            totals=TOTALS,
            input_shapes=((None, 4),),
            output=OutputCheck((2, 3), 0.1, smallest_sum=1.0, largest_sum=1.0, finite=True),
        ),
        Comparison(
            rows=tuple(AlignedRow(Match.SAME, row, row) for row in ROWS),
            reference_totals=TOTALS,
            submitted_totals=TOTALS,
            findings=(),
            notes=(),
            matches=True,
        ),
        training,
    )
