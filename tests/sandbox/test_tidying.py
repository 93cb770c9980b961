"""What students read of this machine's folders: as little as they need."""

from __future__ import annotations

import traceback
import warnings
from pathlib import Path

import keras
import pytest

from grader.sandbox.jobs import Job
from grader.sandbox.launcher import Sandbox
from grader.sandbox.tidying import tidied

ROOT = Path(__file__).parents[2]


def test_installed_files_are_named_from_their_package_on() -> None:
    """The folder of Keras and that of Python itself are left out, and nothing else."""
    text = f"({keras.__file__}) and {traceback.__file__}:3 in /home/me/fc_a.py"

    assert tidied(text) == "(keras/__init__.py) and traceback.py:3 in /home/me/fc_a.py"


def test_frames_of_the_grader_are_left_out() -> None:
    """With their lines of source; those of the student's stay."""
    text = (
        "Traceback (most recent call last):\n"
        f'  File "{ROOT}/grader/sandbox/describe.py", line 67, in _fill\n'
        "    module = execute(job)\n"
        "             ^^^^^^^^^^^^\n"
        '  File "fc_a.py", line 3, in <module>\n'
        "    1 / 0\n"
        "ZeroDivisionError\n"
    )

    assert tidied(text).splitlines() == [
        "Traceback (most recent call last):",
        '  File "fc_a.py", line 3, in <module>',
        "    1 / 0",
        "ZeroDivisionError",
    ]


def test_a_warning_keeps_its_words_only() -> None:
    """One that Python met in the grader's code names no place there."""
    shown = warnings.formatwarning(
        "x was never awaited", RuntimeWarning, f"{ROOT}/grader/sandbox/faults.py", 9, "  x = 1"
    )

    assert tidied(shown) == "RuntimeWarning: x was never awaited\n"


@pytest.mark.parametrize("text", [" " * 65536, "    \n" * 13_000, '  File "' * 8000])
def test_odd_text_is_tidied_at_once(text: str) -> None:
    """Whatever a student prints, it takes no time and stays what it is."""
    assert tidied(text) == text


def test_output_is_tidied(sandbox: Sandbox) -> None:
    """What is printed names no folder of the machine, and no file of the grader's."""
    code = (
        "import keras, traceback, warnings\n"
        "keras.layers.Dense(2, input_shape=(3,))\n"
        "traceback.print_stack()\n"
        "warnings.warn('mine', stacklevel=2)\n"
    )

    output = sandbox.describe(Job("fc_a", "fc_a.py", code.encode(), (3,))).output

    assert "\nkeras/src/layers/core/dense.py:" in f"\n{output}"
    assert 'File "fc_a.py", line 3' in output
    assert "\nUserWarning: mine" in output
    assert str(ROOT) not in output
    assert "grader" not in output
