"""Telling: results.json, format 1, which docs/results.schema.json describes."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TypeAlias

from grader.files import write_atomically
from grader.records import (
    Adjustment,
    AlignedRow,
    Check,
    Deduction,
    Grade,
    Hint,
    Json,
    PartGrade,
    Row,
    Run,
    Splits,
    Totals,
    Training,
    WrongImage,
)
from grader.records.encoding import storable

Document: TypeAlias = dict[str, Json]

_FORMAT = 1
_VERSIONS = ("python", "keras", "tensorflow")


def write_results(run: Run, path: Path) -> None:
    """Write the results of a run to `path` in one step."""
    write_atomically(path, results_text(run))


def results_text(run: Run) -> str:
    """The results of a run as JSON, with one submission a line.

    What was not reached is null or empty, and so are numbers that are not finite (the loss of a
    training that ran away).
    """
    head = json.dumps(_head(run), ensure_ascii=False, allow_nan=False).removesuffix("}")
    lines = [
        json.dumps(_submission(grade), ensure_ascii=False, allow_nan=False) for grade in run.grades
    ]
    return head + ', "submissions": [\n' + ",\n".join(lines) + "\n]}\n"


def _head(run: Run) -> Document:
    return {
        "format": _FORMAT,
        "grader": run.grader,
        "data": {"name": storable(run.data.name), "sha256": run.data.sha256},
        "versions": {name: _text_or_none(run.versions.get(name)) for name in _VERSIONS},
        "sandbox": storable(run.sandbox),
    }


def _submission(grade: Grade) -> Document:
    student = grade.student
    return {
        "submission": storable(grade.submission),
        "student": {
            "name": storable(student.name),
            "id": _text_or_none(student.id),
            "email": _text_or_none(student.email),
        },
        "score": _finite(grade.score),
        "max_score": _finite(grade.max_score),
        "report": storable(grade.report),
        "notices": [storable(notice) for notice in grade.notices],
        "attempt": grade.attempt,
        "submitted_at": _text_or_none(grade.submitted_at),
        "adjustments": [
            *(_adjustment(made, made.sheet) for made in grade.late),
            *(_adjustment(made, made.part) for made in grade.adjustments),
        ],
        "parts": [_part(part) for part in grade.parts],
    }


def _adjustment(adjustment: Adjustment | Deduction, part: str) -> Document:
    return {
        "part": part,
        "points": _finite(adjustment.points),
        "reason": storable(adjustment.reason),
        "made_at": adjustment.made_at,
    }


def _part(part: PartGrade) -> Document:
    return {
        "part": part.part,
        "outcome": part.outcome.value,
        "score": _finite(part.score),
        "max_score": _finite(part.max_score),
        "answer": storable(part.answer),
        "answer_score": None if part.mark is None else _finite(part.mark.points),
        "output": storable(part.output),
        "totals": {
            "reference": _totals(part.reference_totals),
            "submitted": _totals(part.submitted_totals),
        },
        "checks": [_check(check) for check in part.checks],
        "hints": [_hint(hint) for hint in part.hints],
        "notes": [storable(note) for note in part.notes],
        "rows": [_aligned(row) for row in part.rows],
        "training": None if part.training is None else _training(part, part.training),
    }


def _totals(totals: Totals) -> Json:
    return [totals.total, totals.trainable, totals.non_trainable]


def _check(check: Check) -> Json:
    return {
        "check": check.name.value,
        "outcome": check.outcome.value,
        "score": _finite(check.score),
        "max_score": _finite(check.max_score),
        "message": storable(check.message),
    }


def _hint(hint: Hint) -> Json:
    return {"rule": hint.rule.value, "row": hint.row, "message": storable(hint.message)}


def _aligned(row: AlignedRow) -> Json:
    return {
        "match": row.match.value,
        "reference": _row(row.reference),
        "submitted": _row(row.submitted),
    }


def _row(row: Row | None) -> Json:
    if row is None:
        return None
    shape: Json = None if row.shape is None else list(row.shape)
    return [storable(row.layer), shape, row.params]


def _training(part: PartGrade, training: Training) -> Json:
    history = training.history
    return {
        "accuracy": _splits(training.accuracy),
        "threshold": _finite(part.threshold),
        "epochs": training.epochs,
        "seconds": _finite(training.seconds),
        "seed": training.seed,
        "threads": training.threads,
        "shared_with": part.shared_with,
        "loss": _splits(training.loss),
        "confusion": [list(counts) for counts in training.confusion],
        "wrong": [_wrong(image) for image in training.wrong],
        "history": {
            "loss": [_finite(value) for value in history.loss],
            "accuracy": [_finite(value) for value in history.accuracy],
            "val_loss": [_finite(value) for value in history.val_loss],
            "val_accuracy": [_finite(value) for value in history.val_accuracy],
        },
    }


def _splits(splits: Splits) -> Json:
    return {
        "train": _finite(splits.train),
        "valid": _finite(splits.valid),
        "test": _finite(splits.test),
    }


def _wrong(image: WrongImage) -> Json:
    return {
        "index": image.index,
        "label": image.label,
        "said": image.said,
        "probability": _finite(image.probability),
    }


def _finite(number: float | None) -> float | None:
    return number if number is not None and math.isfinite(number) else None


def _text_or_none(text: str | None) -> str | None:
    return None if text is None else storable(text)
