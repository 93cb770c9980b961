"""The way for systems that cannot fork: a fresh process for each job."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace

import pytest

from grader.errors import GraderError
from grader.sandbox import program
from grader.sandbox.jobs import Ending, Job, Limits
from grader.sandbox.launcher import Sandbox

LIMITS = Limits(cpu_seconds=1, wall_seconds=8.0, output_bytes=1000, reply_bytes=100_000)
# For who is to run into it; Keras is imported before it counts.
SOON = replace(LIMITS, wall_seconds=1.0)
GOOD = b"""
import gc, keras
print("hello, garbage is collected:", gc.isenabled())
def build_model():
    return keras.Sequential([keras.layers.Input((3,)), keras.layers.Dense(2)])
"""


@pytest.mark.slow
def test_each_job_has_its_own_process() -> None:
    """Two jobs in a row give their networks and only what they printed themselves."""
    with Sandbox(LIMITS, forking=False) as sandbox:
        replies = [sandbox.describe(Job("fc_a", "fc_a.py", GOOD, (3,))) for _ in range(2)]

    assert [reply.ending for reply in replies] == [Ending.ANSWERED] * 2
    assert [json.loads(reply.raw or b"{}")["status"] for reply in replies] == ["model"] * 2
    assert [reply.output for reply in replies] == ["hello, garbage is collected: True\n"] * 2


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "limits", "ending"),
    [
        (b"import time\ntime.sleep(1000)\n", SOON, Ending.WALL_LIMIT),
        (b"import os\nwhile True: os.write(3, b'x' * 65536)\n", LIMITS, Ending.TOO_LARGE),
        # The child's own ends, as where it is forked.
        pytest.param(b"import os\nos._exit(0)\n", LIMITS, Ending.EXITED, marks=pytest.mark.nightly),
        pytest.param(
            b"while True: pass\n",
            LIMITS,
            Ending.CPU_LIMIT,
            marks=[
                pytest.mark.nightly,
                pytest.mark.skipif(sys.platform == "win32", reason="no CPU limit there"),
            ],
        ),
    ],
)
def test_limits_hold_without_forking(code: bytes, limits: Limits, ending: Ending) -> None:
    """Exits, sleeps, loops and floods end a single process likewise."""
    with Sandbox(limits, forking=False) as sandbox:
        reply = sandbox.describe(Job("fc_a", "fc_a.py", code, (3,)))

    assert (reply.ending, reply.raw) == (ending, None)


@pytest.mark.parametrize("forking", [True, False])
def test_a_process_that_cannot_start_is_the_graders_fault(
    monkeypatch: pytest.MonkeyPatch,
    forking: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """Where Keras cannot be imported the error says what the process said."""
    python = os.path.realpath(sys.executable)
    monkeypatch.setattr(program, "command", lambda _: [python, "-c", "import nonsense"])

    with Sandbox(LIMITS, forking=forking) as sandbox, pytest.raises(GraderError) as caught:
        sandbox.describe(Job("fc_a", "fc_a.py", GOOD, (3,)))

    assert "No module named 'nonsense'" in str(caught.value)
