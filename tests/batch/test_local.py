"""The local executor with real processes: what it performs, and that nothing of it is left."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest

from data import load, make_dataset, write_own_file
from grader.batch.bench import Bench, perform
from grader.batch.local import LocalExecutor
from grader.batch.tasks import DescribeTask, TrainTask
from grader.errors import GraderError
from grader.records import Description, Outcome, Part, Source, Training
from grader.sheets import load_sheets
from grader.training.key import versions
from grader.training.task import training_task

pytestmark = pytest.mark.slow

RIGHT = b"""
import keras

def build_model():
    return keras.Sequential([keras.Input((6912,)), keras.layers.Dense(8, activation="softmax")])
"""
SLEEPS = b"import time\n\ntime.sleep(1000)\n"


@pytest.fixture(scope="module")
def part() -> Part:
    """The first part of the first sheet."""
    return load_sheets()[0].parts[0]


@pytest.fixture(scope="module")
def data_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Noise for eight persons, few enough to train at once."""
    rng = np.random.default_rng(1)
    arrays = {}
    for split in ("train", "valid", "test"):
        arrays[f"y_{split}"] = np.arange(8)
        arrays[f"x_{split}"] = rng.integers(0, 256, (8, 48, 48, 3)).astype(np.uint8)
    path = tmp_path_factory.mktemp("data") / "small.npz"
    write_own_file(make_dataset(arrays, names=tuple("ABCDEFGH"), name="small"), path)
    return path


def descendants() -> set[int]:
    """The process ids of all living processes that descend from this one."""
    parents = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            status = (folder / "stat").read_text("utf-8", "replace")
        except OSError:
            continue
        state, parent = status.rpartition(")")[2].split()[:2]
        if state != "Z":
            parents[int(folder.name)] = int(parent)
    found: set[int] = set()
    while more := {p for p, parent in parents.items() if parent in {*found, os.getpid()}} - found:
        found |= more
    return found


def describing(part: Part, code: bytes) -> DescribeTask:
    """The task of describing this source."""
    return DescribeTask(part, Source(part.id, "fc_a.py", code), versions())


def until(condition: Callable[[], bool]) -> None:
    """Wait until it holds, for at most a minute."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture(scope="module")
def processes_during() -> dict[str, set[int]]:
    """What `executor` has under way when it reports progress, by the key of the training."""
    return {}


@pytest.fixture(scope="module")
def executor(data_file: Path, processes_during: dict[str, set[int]]) -> Iterator[LocalExecutor]:
    """One slot with the small data; at its end all processes are gone."""
    with LocalExecutor(
        1, data_file, lambda key, _: processes_during.update({key: descendants()})
    ) as one:
        yield one
    assert set() == descendants()


def test_lost_processes_are_replaced(part: Part, executor: LocalExecutor) -> None:
    """Whatever is killed, the next task finds processes again and comes to the same."""
    first = executor.submit(perform, describing(part, RIGHT)).result()
    for pid in descendants():
        # Some end with others that were killed before them.
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    second = executor.submit(perform, describing(part, RIGHT)).result()

    assert isinstance(first, Description)
    assert first.architecture is not None
    assert first == second


def test_training_has_the_memory_for_itself(
    part: Part,
    data_file: Path,
    executor: LocalExecutor,
    processes_during: Mapping[str, set[int]],
) -> None:
    """When a training begins the sandbox is gone; progress comes back under the training's key."""
    description = executor.submit(perform, describing(part, RIGHT)).result()
    before = descendants()
    assert isinstance(description, Description)
    assert description.architecture is not None
    task = training_task(part, description.architecture, None, load(data_file).sha256, 1)
    training = TrainTask(task, versions(), part.id)
    result = executor.submit(perform, training).result()

    assert isinstance(result, Training)
    assert Outcome.PASSED == result.outcome
    assert [training.key] == list(processes_during)
    assert 1 == len(processes_during[training.key])
    assert len(before) > 1


def test_leaving_ends_what_is_under_way(part: Part) -> None:
    """A file that would take its minute is ended at once, and with it all processes."""
    others = descendants()
    # Tight, so that no worker is started meanwhile.
    with LocalExecutor(1, None, lambda _key, _progress: None, is_tight=True) as executor:
        executor.submit(perform, describing(part, RIGHT)).result()
        before = descendants()
        under_way = executor.submit(perform, describing(part, SLEEPS))
        behind = executor.submit(perform, describing(part, SLEEPS))
        until(lambda: bool(descendants() - before))

    assert others == descendants()
    # Waited for, it would have a result: that its time was up.
    assert isinstance(under_way.exception(), GraderError)
    assert behind.cancelled()
    with pytest.raises(RuntimeError):
        executor.submit(perform, describing(part, RIGHT))


def test_closed_bench_refuses_work(part: Part) -> None:
    """What is asked of it after its end is not begun."""
    bench = Bench(None, lambda _key, _progress: None)
    bench.close()

    with pytest.raises(GraderError, match="is being stopped"):
        bench.perform(describing(part, RIGHT))
