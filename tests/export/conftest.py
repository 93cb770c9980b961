"""A small class with the names and mishaps that exports have to take, and golden files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from grader.records import Run, Student
from tests.export.made import FAILED, NOT_ATTEMPTED, PASSED, TROUBLED, grade_of, run_of

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture
def small_class() -> Run:
    """Three students: all passed, something failed, and trouble of the grader's own."""
    ada = grade_of(Student("Ada Grün, Dr.", "=1+1", "ada@example.org"), PASSED, submission="ada")
    bo = grade_of("Bo 🙂 «Ωmega»", FAILED, NOT_ATTEMPTED, submission="bo", by_hand=-0.25)
    cy = grade_of("-שלום", PASSED, TROUBLED, submission="cy")
    return run_of(replace(ada, submitted_at="2026-01-31T12:00:00Z"), bo, cy)


@pytest.fixture
def golden(tmp_path: Path) -> Callable[[str, bytes], None]:
    """Compares bytes with a golden file; where they differ, what came out is kept to look at."""

    def compare(name: str, actual: bytes) -> None:
        expected = GOLDEN / name
        if not expected.exists() or expected.read_bytes() != actual:
            (tmp_path / name).write_bytes(actual)
            pytest.fail(f"{expected} is another than {tmp_path / name}")

    return compare
