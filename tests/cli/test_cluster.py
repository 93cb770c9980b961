"""`grader grade --scheduler` with a real scheduler and three workers, some of which are killed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from benchmarks.cluster import Cluster
from benchmarks.interrupted_class import Outcome, descendants, outcome_in, require_gone

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
