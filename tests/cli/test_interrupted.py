"""A class that is stopped, killed or starved comes to the same as one that is left in peace.

So does one that is graded with a scheduler: a real one with three workers, some of them killed.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from benchmarks.cluster import Cluster
from benchmarks.interrupted_class import (
    Outcome,
    descendants,
    killed_until_done,
    outcome_in,
    require_gone,
)

if TYPE_CHECKING:
    from tests.cli.conftest import Class

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Three workers; what a test kills of it stays dead."""
    with ExitStack() as stack:
        cluster = Cluster(tmp_path_factory.mktemp("cluster"), stack)
        cluster.add_workers(3)
        yield cluster


def test_work_is_done_once(undisturbed: Outcome) -> None:
    """Each different file is described once, each different network trained once."""
    kinds = [what.split()[0] for what in undisturbed.work]

    assert {1} == set(undisturbed.work.values())
    # Students 0, 3 and 6 have a comment of their own in files that are like nobody's.
    assert [8, 2, 8] == [kinds.count(kind) for kind in ("described", "trained", "graded")]


# Several slots make no other moments, only more processes that have to start each time.
@pytest.mark.parametrize("jobs", ["1", pytest.param("2", marks=pytest.mark.nightly)])
def test_killed_at_any_moment(class_: Class, undisturbed: Outcome, jobs: str) -> None:
    """Killed while results come in, and in the middle of writing one, nothing is lost or twice."""
    gradebook = class_.out / "gradebook.sqlite"

    def after(num_changes: int) -> Callable[[], bool]:
        seen: set[int] = set()

        def is_time() -> bool:
            if gradebook.exists():
                seen.add(gradebook.stat().st_mtime_ns)
            return len(seen) > num_changes

        return is_time

    def moments() -> Iterator[Callable[[], bool]]:
        journal = gradebook.with_name("gradebook.sqlite-journal")
        yield after(4)
        some = after(4)
        yield lambda: some() and journal.exists()
        yield lambda: class_.is_in_log("training")
        while True:
            yield lambda: False

    codes = killed_until_done(lambda: class_.start("--jobs", jobs), moments())

    assert [-signal.SIGKILL] * 3 == codes[:-1]
    assert 0 == codes[-1]
    assert undisturbed == outcome_in(class_.out)


@pytest.mark.parametrize(
    ("number", "word"),
    [
        (signal.SIGINT, "graded"),
        # That it is taken as Ctrl-C is, tests/cli/test_commands.py shows.
        pytest.param(signal.SIGTERM, "training", marks=pytest.mark.nightly),
    ],
    ids=["SIGINT", "SIGTERM"],
)
def test_asked_to_stop(
    class_: Class,
    undisturbed: Outcome,
    capfd: pytest.CaptureFixture[str],
    number: signal.Signals,
    word: str,
) -> None:
    """Ctrl-C and SIGTERM end everything at once, say how to go on, and cost nothing."""
    process = class_.start("--jobs", "1")
    class_.await_in_log(word, process)
    started = descendants(process.pid)
    process.send_signal(number)

    assert 128 + number == process.wait(120)
    require_gone(started)
    assert started
    told = capfd.readouterr().err
    assert "Stopped." in told
    assert "the same command goes on from here" in told
    assert "Traceback" not in told
    assert 0 == class_.start("--jobs", "1").wait()
    assert undisturbed == outcome_in(class_.out)


# Repeats tests/batch/test_local.py, which has the loss of processes without a class.
@pytest.mark.nightly
def test_lost_processes(class_: Class, undisturbed: Outcome) -> None:
    """Sandboxes and workers that are killed during the run are replaced, and nobody suffers."""
    process = class_.start("--jobs", "2")
    for word in ("graded", "training"):
        class_.await_in_log(word, process)
        for pid in descendants(process.pid):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue

    assert 0 == process.wait()
    assert undisturbed == outcome_in(class_.out)


# Repeats tests/gradebook/test_faults.py, which fills a disk with the gradebook alone.
@pytest.mark.nightly
def test_full_disk(
    class_: Class,
    folder_in_peace: Path,
    undisturbed: Outcome,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Where nothing more can be written the run ends with 3 and what to do; then it goes on."""
    size = (folder_in_peace / "gradebook.sqlite").stat().st_size
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    # No process may write a file beyond this: the nearest to a full disk without being root.
    resource.setrlimit(resource.RLIMIT_FSIZE, (size * 4 // 5, before[1]))
    try:
        process = class_.start()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert 3 == process.wait()
    told = capfd.readouterr().err
    assert "run the same command again: nothing that was graded is lost" in told
    assert "Traceback" not in told
    assert 0 == class_.start().wait()
    assert undisturbed == outcome_in(class_.out)


# Repeats tests/gradebook/test_stock.py, which takes stock of such a class without grading it.
@pytest.mark.nightly
def test_changed_and_removed_submissions(
    class_: Class, undisturbed: Outcome, tmp_path: Path
) -> None:
    """Only what is new is worked on; who is gone leaves the results, and has a history."""
    own = replace(class_, submissions=tmp_path / "in")
    shutil.copytree(class_.submissions, own.submissions)
    assert 0 == own.start().wait()
    before = outcome_in(own.out)
    (own.submissions / "student_0005" / "fc_a.py").write_text("ANSWER = 1\n", "utf-8")
    (own.submissions / "student_0007" / "fc_a.py").unlink()
    (own.submissions / "student_0007").rmdir()
    assert 0 == own.start().wait()
    after = outcome_in(own.out)

    assert undisturbed == before
    assert {"graded student_0005", "described"} == {
        what.partition(" fc_a")[0].replace("regraded", "graded")
        for what in after.work.keys() - before.work.keys()
    }
    names = [one["submission"] for one in after.results["submissions"]]
    assert "student_0007" not in names
    assert 7 == len(names)
    assert "graded student_0007" in after.work
    assert json.loads((own.out / "results.json").read_bytes())


def test_two_of_three_workers_are_lost(
    cluster: Cluster, class_: Class, undisturbed: Outcome
) -> None:
    """What they had in hand is done by the third; results are those of one machine in peace."""
    process = class_.start("--scheduler", cluster.address)
    class_.await_in_log("graded", process)
    left = {
        pid: at for worker in cluster.workers[:2] for pid, at in descendants(worker.pid).items()
    }
    for worker in cluster.workers[:2]:
        worker.kill()

    assert 0 == process.wait()
    assert undisturbed == outcome_in(class_.out)
    assert left
    require_gone(left)
    require_gone(descendants(cluster.workers[2].pid))


def test_worker_with_other_versions(
    cluster: Cluster, class_: Class, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """A worker with another Keras is refused before anything is done; both versions are named."""
    other = tmp_path / "keras-2.99.dist-info"
    other.mkdir()
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: keras\nVersion: 2.99\n")
    cluster.add_workers(1, PYTHONPATH=str(tmp_path))

    assert 2 == class_.start("--scheduler", cluster.address).wait()
    told = capfd.readouterr().err
    assert "grader: The worker tcp://127.0.0.1:" in told
    assert "has keras 2.99 (here 3." in told
    assert not (class_.out / "grader.log").exists()
    cluster.workers[-1].terminate()
    cluster.workers[-1].wait()


# Repeats tests/batch/test_cluster.py, where the last worker is lost.
@pytest.mark.nightly
def test_scheduler_is_lost(
    cluster: Cluster, class_: Class, undisturbed: Outcome, capfd: pytest.CaptureFixture[str]
) -> None:
    """The run ends with 3 and says how to go on; here it goes on, and nothing is done twice."""
    process = class_.start("--scheduler", cluster.address)
    class_.await_in_log("graded", process)
    cluster.scheduler.kill()

    assert 3 == process.wait(60)
    told = capfd.readouterr().err
    assert f"The scheduler at {cluster.address} is gone" in told
    assert "without --scheduler on this machine" in told
    assert "Traceback" not in told
    assert 0 == class_.start().wait()
    assert undisturbed == outcome_in(class_.out)
