"""What a part is in a running notebook is what is found when it is handed in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from grader.errors import UsageError
from grader.notebook.cells import RunCells
from grader.submissions import find_submissions

PART_IDS = ("fc_a", "fc_b")
SHARED = "# part: all\nfrom __future__ import annotations\nWIDTH = 8"
FC_A = "%time x = 1\n# part: fc_a\ndef build_model():\n    return WIDTH"
FC_B = "# part: fc_b\ndef build_model():\n    return 2 * WIDTH"
Run = Callable[..., None]


class Kernel:
    """IPython as in a kernel, with one run of a cell after the other."""

    def __init__(self, shell: InteractiveShell) -> None:
        self.shell = shell
        self.cells = RunCells(shell)

    def run(self, source: str, cell_id: str | None = None) -> None:
        """Run a cell, which Jupyter knows by this id."""
        self.shell.run_cell(source, store_history=True, cell_id=cell_id)

    def source(self, part: str) -> str:
        """The text that is described for `build_model` as it is now."""
        build_model = self.shell.user_ns["build_model"]
        return self.cells.source(part, build_model, PART_IDS)[0].code.decode()


@pytest.fixture
def kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kernel]:
    """A fresh one, in a folder of its own, whose history is kept in memory."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    shell = InteractiveShell(config=Config({"HistoryManager": {"hist_file": ":memory:"}}))
    yield Kernel(shell)
    if shell.history_manager:
        shell.history_manager.end_session()


def handed_in(folder: Path, *sources: str) -> dict[str, str]:
    """What is found in a notebook of these cells, by part."""
    cells = [{"cell_type": "code", "source": source} for source in sources]
    file = folder / "work.ipynb"
    file.write_text(json.dumps({"nbformat": 4, "metadata": {}, "cells": cells}))
    (submission,) = find_submissions([file], PART_IDS).submissions
    return {part: found[0].code.decode() for part, found in submission.sources.items()}


def test_what_is_checked_is_what_is_handed_in(kernel: Kernel, tmp_path: Path) -> None:
    """Shared cells first, magics left out, nothing of the cells that are not marked."""
    (tmp_path / "mine.py").write_text("x = 1\n")
    cells = (SHARED, "import os", FC_A, "build_model()")
    for cell in cells:
        kernel.run(cell)

    source, notices = kernel.cells.source("fc_a", kernel.shell.user_ns["build_model"], PART_IDS)

    assert handed_in(tmp_path, *cells)["fc_a"] == source.code.decode()
    assert "cell [3]" == source.path
    assert ["magics"] == [notice.code for notice in notices]


def test_modules_beside_the_notebook_come_along(kernel: Kernel, tmp_path: Path) -> None:
    """As they do for a part that is handed in with them."""
    (tmp_path / "sizes.py").write_text("WIDTH = 8\n")
    kernel.run("# part: fc_a\nimport sizes\ndef build_model():\n    return sizes.WIDTH\n")

    source, _ = kernel.cells.source("fc_a", kernel.shell.user_ns["build_model"], PART_IDS)

    assert {"sizes": b"WIDTH = 8\n"} == source.helpers


def test_a_cell_counts_as_it_was_run_last(kernel: Kernel, tmp_path: Path) -> None:
    """One that was run again replaces what it was, also where it then failed."""
    broken, other = "# part: all\nimport nowhere\n", "# part: all\nDEPTH = 3"
    kernel.run(broken, "one")
    kernel.run(other, "two")
    kernel.run(FC_A.replace("WIDTH", "7"), "three")
    kernel.run(SHARED, "one")
    kernel.run(FC_A, "three")
    kernel.run("# part: fc_a\ndef build_model(:", "three")

    cells = (SHARED, other, "# part: fc_a\ndef build_model(:")
    assert handed_in(tmp_path, *cells)["fc_a"] == kernel.source("fc_a")


def test_without_ids_a_shared_cell_that_failed_gives_way(kernel: Kernel, tmp_path: Path) -> None:
    """Colab does not say which cell a run is of."""
    kernel.run("# part: all\nimport nowhere\n")
    kernel.run(SHARED)
    kernel.run(FC_A)
    kernel.run(SHARED)

    assert handed_in(tmp_path, SHARED, FC_A)["fc_a"] == kernel.source("fc_a")


def test_a_function_from_elsewhere_is_pointed_out(kernel: Kernel) -> None:
    """All parts define build_model, so the one of another part is soon handed over."""
    kernel.run(SHARED)
    kernel.run(FC_A)
    kernel.run(FC_B)
    with pytest.raises(UsageError, match='is that of the cell "# part: fc_b"'):
        kernel.source("fc_a")
    kernel.run("def build_model():\n    return 3\n")
    with pytest.raises(UsageError, match='was not written in the cell "# part: fc_a"'):
        kernel.source("fc_a")
    kernel.run("build_model = build_model()")
    with pytest.raises(UsageError, match="second argument is int"):
        kernel.source("fc_a")


def test_a_part_that_was_not_run_is_asked_for(kernel: Kernel) -> None:
    """The line to write is told, and where: below an import it marks nothing."""
    kernel.run("import os\n# part: fc_a\ndef build_model():\n    return 3\n")

    with pytest.raises(UsageError, match="the line has to be the first"):
        kernel.source("fc_a")
