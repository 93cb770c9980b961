"""All notebooks run from top to bottom, and a training ends when its cell is interrupted."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import start_new_kernel

from tests.noise import write_noise
from tests.notebook import making

pytestmark = pytest.mark.slow

OVERVIEW, FC, CNN = making.NAMES
# Run in the kernel before all else: students have no such setting.
EPOCHS = """
from dataclasses import replace
from grader.notebook.session import session
parts = session().desk.parts
for part in list(parts.values()):
    parts[part.id] = replace(part, protocol=replace(part.protocol, epochs={epochs}))
"""
MARKED = """\
# part: fc_a
def build_model():
    import keras
    return keras.Sequential([keras.Input((6912,)), keras.layers.Dense(8, activation="softmax")])
"""


@pytest.fixture(autouse=True)
def of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings and no results of the user's."""
    monkeypatch.delenv("GRADER_DATA", raising=False)
    for name in ("GRADER_CACHE", "IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name))


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        # Nothing is to be filled in: its cells are those of the solved one, which runs below.
        pytest.param(OVERVIEW, (), marks=pytest.mark.nightly),
        (FC, ("fc_a", "fc_b")),
        pytest.param(CNN, ("cnn_a", "cnn_b", "cnn_c"), marks=pytest.mark.nightly),
    ],
)
def test_exercises_run_as_they_are_given_out(name: str, parts: tuple[str, ...]) -> None:
    """Every cell, before anything is filled in: parts are still to be written, and no error."""
    given = making.read(making.EXERCISES / name)

    done = making.run(given, (making.EXERCISES / name).parent)

    for part in parts:
        assert "not attempted" in making.texts(done, f"{part}-check")
        assert "not attempted" in making.texts(done, f"{part}-train")


def test_the_solved_overview_runs(tmp_path: Path) -> None:
    """A picture for each person, wherever the notebook lies."""
    done = making.run(making.read(making.SOLUTIONS / OVERVIEW), tmp_path)

    assert 8 == len(making.outputs(done, "gallery"))


def test_the_solved_sheet_of_dense_networks_passes(tmp_path: Path) -> None:
    """By the whole protocol, with its thresholds."""
    done = making.run(making.read(making.SOLUTIONS / FC), tmp_path)

    for part in ("fc_a", "fc_b"):
        assert f'Next: train("{part}", build_model)' in making.texts(done, f"{part}-check")
        assert "+ The test accuracy reaches the threshold: passed" in making.texts(
            done, f"{part}-train"
        )
    (shown,) = making.outputs(done, "compare")
    assert "What each step bought you" in shown["data"]["text/html"]


# The same cells for other parts, whose solutions pass in tests/authoring and in tests/exercises.
@pytest.mark.nightly
def test_the_solved_sheet_of_convolutional_networks_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one epoch, on noise: what they reach by the whole protocol is for `make notebooks`."""
    monkeypatch.setenv("GRADER_DATA", str(write_noise(tmp_path / "small.npz")))

    done = making.run(making.read(making.SOLUTIONS / CNN), tmp_path, EPOCHS.format(epochs=1))

    for part in ("cnn_a", "cnn_b", "cnn_c"):
        assert f"+ {part}   passed" in making.texts(done, "compare")
        assert "+ The training finishes: passed" in making.texts(done, f"{part}-train")


def test_an_interrupt_ends_the_training_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its processes are gone, one line says so, and the next run trains anew."""
    monkeypatch.setenv("GRADER_DATA", str(write_noise(tmp_path / "small.npz")))
    manager, client = start_new_kernel(cwd=str(tmp_path))
    try:
        kernel = Kernel(manager, client)
        kernel.run("from grader.notebook import check, compare, train")
        kernel.run(MARKED)
        kernel.run(EPOCHS.format(epochs=1_000_000))
        stopped, shown = kernel.run(
            'train("fc_a", build_model)', until="epoch 1", then=manager.interrupt_kernel
        )
        left = workers(tmp_path)
        kernel.run(EPOCHS.format(epochs=2))
        again, passed = kernel.run('train("fc_a", build_model)')
    finally:
        client.stop_channels()
        # As by the system: nothing of the kernel's is left to clear up.
        manager.shutdown_kernel(now=True)

    assert ["Interrupted."] == stopped["traceback"]
    assert "fc_a: interrupted after" in shown
    assert not left
    assert "ok" == again["status"]
    assert "+ The training finishes: passed" in passed
    deadline = time.monotonic() + 20
    while workers(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not workers(tmp_path)


class Kernel:
    """A kernel that runs one cell after the other."""

    def __init__(self, manager: Any, client: Any) -> None:  # noqa: ANN401 - untyped
        self._manager, self._client = manager, client

    def run(
        self,
        source: str,
        until: str | None = None,
        then: Any = None,  # noqa: ANN401 - untyped
    ) -> tuple[dict[str, Any], str]:
        """The reply to a cell and the text that it shows at last; `then` once `until` is shown."""
        shown = ""

        def look(message: dict[str, Any]) -> None:
            nonlocal shown, then
            data = message["content"].get("data", {})
            shown = data.get("text/plain", shown)
            if then is not None and until is not None and until in shown:
                then, interrupt = None, then
                interrupt()

        reply = self._client.execute_interactive(source, output_hook=look, timeout=None)
        return reply["content"], shown


def workers(folder: Path) -> list[Path]:
    """The processes below /proc of workers whose results go into this folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            is_ours = os.fsencode(folder) in (process / "environ").read_bytes()
            if is_ours and b"grader.training.serve" in (process / "cmdline").read_bytes():
                found.append(process)
        except OSError:
            continue
    return found
