"""Ledger: what trainings reached is kept beside the sheet or the data, and found again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from grader.calibration import Ledger, ledger_file
from grader.errors import SheetError
from grader.records import History, Outcome, Part, Splits, Training
from grader.sheets import find_part, load_sheets

SPLITS = Splits(1.0, 0.7, 0.68)
TRAINING = Training(
    key="ab" * 32,
    outcome=Outcome.PASSED,
    accuracy=SPLITS,
    loss=Splits(0.1, 0.9, 1.0),
    epochs=30,
    seconds=99.0,
    cpu_seconds=95.04,
    seed=7,
    threads=1,
    history=History(),
)
PART = find_part(load_sheets(), "cnn_a")
DIVERGED = replace(TRAINING, key="cd" * 32, seed=3, accuracy=Splits(None, None, None))


def test_what_was_measured_is_found_by_its_key(tmp_path: Path) -> None:
    """Accuracies, also missing ones, come back from the file with network, seed and processor."""
    file = tmp_path / "calibration.jsonl"
    Ledger(file).add(PART, "elu for relu", TRAINING)
    Ledger(file).add(PART, "reference", DIVERGED)
    kept = Ledger(file)
    found, diverged = kept.get(TRAINING.key), kept.get(DIVERGED.key)

    assert found is not None
    assert diverged is not None
    assert ("elu for relu", 7, 1, SPLITS) == (
        found.network,
        found.seed,
        found.threads,
        found.measured,
    )
    assert found.processor
    assert DIVERGED.accuracy == diverged.measured
    assert kept.get("ef" * 32) is None
    assert "ef" * 32 not in kept


def test_two_calibrations_at_once_lose_nothing(tmp_path: Path) -> None:
    """What another process added meanwhile stays, and each training has one line, in order."""
    file = tmp_path / "calibration.jsonl"
    one, two = Ledger(file), Ledger(file)
    one.add(PART, "reference", TRAINING)
    two.add(PART, "reference", DIVERGED)
    one.add(PART, "reference", TRAINING)

    assert ['"seed": 3', '"seed": 7'] == [
        line.split(", ")[2] for line in file.read_text("utf-8").splitlines()
    ]


def test_broken_line_is_named(tmp_path: Path) -> None:
    """A line that is no measurement is an author's fault, with file, line and what to do."""
    file = tmp_path / "calibration.jsonl"
    Ledger(file).add(PART, "reference", TRAINING)
    file.write_text(file.read_text("utf-8") + "<<<<<<< HEAD\n", "utf-8")

    with pytest.raises(SheetError, match=r"calibration\.jsonl, line 2: .*Delete the line"):
        Ledger(file)


def test_where_it_is_kept(part: Part, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside sheet.toml for the built-in data, beside any other data set for that."""
    monkeypatch.delenv("GRADER_DATA", raising=False)

    assert part.stub.parent / "calibration.jsonl" == ledger_file(part, None)
    expected = tmp_path / "photos.npz.calibration.jsonl"
    assert expected == ledger_file(part, tmp_path / "photos.npz")
