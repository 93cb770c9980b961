"""A small class with the names and mishaps that exports have to take."""

from __future__ import annotations

from dataclasses import replace

import pytest

from grader.records import Run, Student
from tests.export.made import FAILED, NOT_ATTEMPTED, PASSED, TROUBLED, grade_of, run_of


@pytest.fixture
def small_class() -> Run:
    """Three students: all passed, something failed, and trouble of the grader's own."""
    ada = grade_of(Student("Ada Grün, Dr.", "=1+1", "ada@example.org"), PASSED, submission="ada")
    bo = grade_of("Bo 🙂 «Ωmega»", FAILED, NOT_ATTEMPTED, submission="bo", by_hand=-0.25)
    cy = grade_of("-שלום", PASSED, TROUBLED, submission="cy")
    return run_of(replace(ada, submitted_at="2026-01-31T12:00:00Z"), bo, cy)
