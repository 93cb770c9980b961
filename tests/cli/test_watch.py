"""`grader watch` beside an editor: every save is checked, and Ctrl-C ends it."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import RIGHT, WRONG
from tests.ctrl_c import take_ctrl_c

# As an instructor's own copy: not the file in exercises/.
NOTEBOOK = """\
{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"id": "a", "cell_type": "code",
 "metadata": {}, "execution_count": null, "outputs": [], "source": ["# part: fc_b\\n", "1 / 0"]}]}
"""


# As on a busy machine, where a student may save before the system is asked about saves. A look that
# nothing asks for comes after half a second there, not after five.
LATE = """
import time, watchfiles
watch = watchfiles.watch
def late(*arguments, **keywords):
    time.sleep(1)
    yield from watch(*arguments, rust_timeout=500, **keywords)
watchfiles.watch = late
"""


class Watching:
    """A running `grader watch`, its lines as they come; `before` is done before it starts."""

    def __init__(self, folder: Path, cache: Path, before: str = "") -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-c", f"{before}\nfrom grader.cli import main; main()"),
                *("watch", str(folder)),
            ],
            env=os.environ | {"GRADER_CACHE": str(cache), "COLUMNS": "80"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=take_ctrl_c,  # noqa: PLW1509 - before any thread of this test's
        )
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)

    def until(self, words: str) -> str:
        """All that it says up to the line with these words."""
        said = ""
        while words not in said:
            said += self._lines.get(timeout=120)
        return said

    def save(self, name: str, text: str) -> None:
        """As editors do: a file beside it takes its place."""
        beside = self.folder / f".{name}.swp"
        beside.write_text(text, "utf-8")
        beside.replace(self.folder / name)


@pytest.fixture
def watching(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Watching]:
    """A watch of an empty folder."""
    folder = tmp_path / "work"
    folder.mkdir()
    running = Watching(folder, tmp_path / "cache", getattr(request, "param", ""))
    yield running
    running.process.kill()
    running.process.wait()


@pytest.mark.slow
def test_each_save_is_checked(watching: Watching) -> None:
    """Differences of what was saved and of nothing else, what comes next, and an end in order."""
    watching.until("There is no part here yet. Save one of fc_a.py")
    watching.save("fc_a.py", WRONG)
    said = watching.until("+ only in yours")
    assert "fc_a at" in said
    assert "Dense" in said
    assert "9 units" in said

    watching.save("fc_a.py", RIGHT)
    assert "grader grade" in watching.until("trains it.")

    # Saved as it was: nothing to say. The notebook is, and its error is the next thing told.
    watching.save("fc_a.py", RIGHT)
    watching.save("work.ipynb", NOTEBOOK)
    said = watching.until("ZeroDivisionError")
    assert "fc_b at" in said
    assert "fc_a at" not in said

    watching.process.send_signal(signal.SIGINT)
    watching.until("Stopped.")
    assert 0 == watching.process.wait(30)


@pytest.mark.slow
@pytest.mark.parametrize("watching", [LATE], indirect=True)
def test_save_before_the_system_is_asked(watching: Watching) -> None:
    """It is checked all the same, if a few seconds later."""
    watching.until("There is no part here yet.")
    watching.save("fc_a.py", WRONG)
    assert "fc_a at" in watching.until("+ only in yours")


def test_no_folder_is_a_wrong_call(tmp_path: Path) -> None:
    """What is not there cannot be watched."""
    ran = subprocess.run(
        [sys.executable, "-c", "from grader.cli import main; main()", "watch", tmp_path / "none"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert 2 == ran.returncode
    assert "is no folder. Expected the folder with your part files" in ran.stderr
