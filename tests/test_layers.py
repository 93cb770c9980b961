"""The layers of the grader: imports only go down, and only some modules import Keras."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """A finished process of this Python in the project's folder."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_contracts_of_the_layers_are_kept() -> None:
    """import-linter finds no import that the contracts in pyproject.toml forbid."""
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"

    done = run("-c", program, "--no-cache")

    assert 0 == done.returncode, done.stdout + done.stderr
    assert "3 kept, 0 broken" in done.stdout


@pytest.mark.parametrize(
    "module",
    [
        "data",
        "grader.batch",
        "grader.calibration",
        "grader.cli",
        "grader.cli.calibration_run",
        "grader.cli.doctor",
        "grader.cli.examination",
        "grader.cli.grading_run",
        "grader.cli.rendering",
        "grader.export.results_json",
        "grader.gradebook",
        "grader.grading",
        "grader.packaging.autograder",
        "grader.packaging.grading",
        "grader.pytest_plugin",
        "grader.report.writing",
        "grader.sandbox.launcher",
        "grader.training.cache",
        "grader.training.worker",
    ],
)
def test_keras_stays_out_of_the_callers_process(module: str) -> None:
    """Command line, collection, reports and batch never load Keras, whatever they import."""
    program = f"import sys, {module}; print({{'keras', 'tensorflow'}} & set(sys.modules))"

    done = run("-c", program)

    assert "set()\n" == done.stdout, done.stderr
