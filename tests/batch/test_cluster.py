"""A cluster's workers, here within this process, take tasks as they come, go and fit."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from distributed import LocalCluster

import grader.batch.cluster
import grader.batch.cluster_worker
from data import DataSet, make_dataset
from grader.architecture import read_description
from grader.batch import Batch, Facts, Listener
from grader.batch.bench import perform
from grader.batch.cluster import Cluster
from grader.batch.cluster_executor import ClusterExecutor
from grader.batch.cluster_worker import software
from grader.batch.executor import OutOfReachError
from grader.batch.tasks import DescribeTask, RebuildTask, TrainTask
from grader.errors import UsageError
from grader.records import DataFacts, Outcome, OwnData, Part, Progress, Source, Submission
from grader.sandbox.rungs import Means
from grader.training.key import versions
from grader.training.task import TrainingTask, training_task

if TYPE_CHECKING:
    from tests.batch.conftest import MemoryStandIn, Spellings, Submit, Workshop

pytestmark = pytest.mark.timeout(120, method="thread")


def workers(count: int, folder: Path) -> LocalCluster:
    """A scheduler and so many workers with one thread each."""
    return LocalCluster(
        n_workers=count,
        threads_per_worker=1,
        processes=False,
        protocol="tcp://",
        host="127.0.0.1",
        dashboard_address=":0",
        local_directory=str(folder),
    )


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCluster]:
    """Two workers."""
    with workers(2, tmp_path_factory.mktemp("dask")) as cluster:
        yield cluster


def make_data(shade: int) -> DataSet:
    """Pictures of one shade, which are quickly sent."""
    arrays = {}
    for split in ("train", "valid", "test"):
        arrays[f"y_{split}"] = np.arange(3)
        arrays[f"x_{split}"] = np.full((3, 48, 48, 3), shade, np.uint8)
    return make_dataset(arrays, names=("A", "B", "C"), name="small")


@pytest.fixture(scope="module")
def data() -> DataSet:
    """A data set."""
    return make_data(shade=100)


@pytest.fixture
def describing(parts: Sequence[Part], spellings: Spellings) -> DescribeTask:
    """The task of describing a right network."""
    return DescribeTask(parts[0], Source("fc_a", "fc_a.py", spellings["plain"](5)), versions())


def until(condition: Callable[[], bool]) -> None:
    """Wait until it holds, for at most half a minute."""
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


class Heard(Listener):
    """Notes the progress that comes back."""

    def __init__(self) -> None:
        self.progress: list[tuple[str, Progress]] = []

    def progressed(self, key: str, progress: Progress) -> None:
        """Note it."""
        self.progress.append((key, progress))


@pytest.fixture
def class_(submit: Submit, spellings: Spellings) -> list[Submission]:
    """Two students with equal networks, one of them with another besides, and one who is wrong."""
    return [
        submit("right", fc_a=spellings["plain"](5), fc_b=spellings["plain"](6)),
        submit("fused", fc_a=spellings["fused"](5)),
        submit("wrong", fc_a=spellings["plain"](7)),
    ]


def test_class_is_graded(
    dask: LocalCluster,
    data: DataSet,
    workshop: Workshop,
    parts: Sequence[Part],
    memory: MemoryStandIn,
    class_: Sequence[Submission],
) -> None:
    """Equal networks are trained once, progress comes back, and at the end no process is left."""
    heard = Heard()
    facts = Facts(data.sha256, versions())
    with (
        Cluster(dask.scheduler_address, data, unconfined=True) as cluster,
        ClusterExecutor(cluster, heard.progressed) as executor,
    ):
        grades = list(Batch(parts, facts, executor, memory, heard).run(class_))
        until(lambda: len(heard.progress) == 2)

    outcomes = {grade.submission: grade.parts[0].outcome for grade in grades}
    assert {"right": Outcome.PASSED, "fused": Outcome.PASSED, "wrong": Outcome.FAILED} == outcomes
    assert 2 == len(workshop.trained)
    assert {1} == {progress.epoch for _, progress in heard.progress}
    assert 2 == len({key for key, _ in heard.progress})
    assert 0 == workshop.open


def test_what_a_part_brings_is_sent_along(
    dask: LocalCluster, data: DataSet, workshop: Workshop, describing: DescribeTask, tmp_path: Path
) -> None:
    """A worker trains on its copy of a part's own file, found by its digest; then it is gone."""
    file = tmp_path / "own.npz"
    file.write_bytes(b"the part's own")
    sha256 = hashlib.sha256(b"the part's own").hexdigest()
    own = OwnData(file, DataFacts("own.npz", sha256, ()))
    part = replace(describing.part, data=own)
    architecture = read_description(describing.source.code, part, "").architecture
    assert architecture is not None
    training = training_task(part, architecture, None, run_sha256=data.sha256, threads=1)
    seen: list[bytes] = []

    def read(task: TrainingTask) -> Outcome:
        seen.append(task.data.file.read_bytes() if task.data else b"")
        return Outcome.PASSED

    workshop.outcome = read
    with (
        Cluster(dask.scheduler_address, data, [own], unconfined=True) as cluster,
        ClusterExecutor(cluster, lambda _key, _progress: None) as executor,
    ):
        executor.submit(perform, TrainTask(training, versions(), "fc_a")).result()
    (trained,) = workshop.trained
    copy = trained.data.file if trained.data else file

    assert [b"the part's own"] == seen
    assert sha256 == trained.data_sha256
    assert file != copy
    until(lambda: not copy.exists())
    assert file.exists()


def test_tried_again_under_the_same_key(
    dask: LocalCluster, data: DataSet, workshop: Workshop, describing: DescribeTask
) -> None:
    """A task that failed is performed again when it is handed out again."""
    with (
        Cluster(dask.scheduler_address, data, unconfined=True) as cluster,
        ClusterExecutor(cluster, lambda _key, _progress: None) as executor,
    ):
        first = executor.submit(perform, describing).result()
        second = executor.submit(perform, describing).result()

    assert first == second
    assert 2 == len(workshop.described)


def test_processes_end_where_nothing_is_to_do(
    dask: LocalCluster,
    data: DataSet,
    workshop: Workshop,
    describing: DescribeTask,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After a while without tasks a worker's processes are gone; the next task starts new ones."""
    monkeypatch.setattr(grader.batch.cluster_worker, "_IDLE_SECONDS", 0.3)
    with (
        Cluster(dask.scheduler_address, data, unconfined=True) as cluster,
        ClusterExecutor(cluster, lambda _key, _progress: None) as executor,
    ):
        for _ in range(2):
            executor.submit(perform, describing).result()
            until(lambda: workshop.open == 0)

    assert 2 == len(workshop.described)


def test_worker_with_other_versions(
    dask: LocalCluster,
    data: DataSet,
    workshop: Workshop,
    describing: DescribeTask,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One that comes later with another Keras is passed over; it says why in its log."""
    with (
        Cluster(dask.scheduler_address, data, unconfined=True) as cluster,
        ClusterExecutor(cluster, lambda _key, _progress: None) as executor,
    ):
        older = software() | {"keras": "2.0"}
        monkeypatch.setattr(grader.batch.cluster_worker, "software", lambda: older)
        dask.scale(3)
        until(lambda: len(cluster._standings) == 3)  # noqa: SLF001 - there is no other way to see
        (trouble,) = [s.trouble for s in cluster._standings.values() if s.trouble]  # noqa: SLF001
        slots = executor.num_slots
        description = executor.submit(perform, describing).result()
        rebuilding = RebuildTask(description.architecture, versions(), "fc_a")
        fitting = cluster.workers_for(rebuilding)
    dask.scale(2)

    assert f"It has keras 2.0 (here {versions()['keras']})." == trouble
    assert 2 == slots == len(fitting)
    assert 1 == len(workshop.described)


def test_other_versions_from_the_start(
    dask: LocalCluster, data: DataSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is begun where machines differ; the message names both sides."""
    newer = software() | {"numpy": "3.0"}
    monkeypatch.setattr(grader.batch.cluster, "software", lambda: newer)

    with (
        pytest.raises(UsageError, match=rf"numpy {np.__version__} \(here 3\.0\)"),
        Cluster(dask.scheduler_address, data, unconfined=True),
    ):
        pass


def test_data_set_that_does_not_arrive(
    dask: LocalCluster, data: DataSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that has other pictures after the transfer takes no tasks."""
    other = make_data(shade=200)
    sent = grader.batch.cluster._packed(other)  # noqa: SLF001 - what a transfer may come to
    monkeypatch.setattr(grader.batch.cluster, "_packed", lambda _: sent)
    told = f"digest {other.sha256[:12]} in place of {data.sha256[:12]}"

    with (
        pytest.raises(UsageError, match=told),
        Cluster(dask.scheduler_address, data, unconfined=True),
    ):
        pass


def test_unconfined_workers(
    dask: LocalCluster, data: DataSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing confines students' files on a worker, it is told, unless that is wanted."""
    nothing = Means(bubblewrap="none", landlock=0, seccomp="none")
    monkeypatch.setattr(grader.batch.cluster_worker, "means", lambda: nothing)

    with (
        pytest.raises(UsageError, match=r"on any of the workers.* --unconfined"),
        Cluster(dask.scheduler_address, data, unconfined=False),
    ):
        pass
    with Cluster(dask.scheduler_address, data, unconfined=True) as cluster:
        assert "not confined" in cluster.sandbox


@pytest.mark.usefixtures("workshop")
def test_one_confined_worker_describes_for_all(
    dask: LocalCluster,
    data: DataSet,
    describing: DescribeTask,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Files go to the worker that confines them, trainings to all; the worker insists on it."""
    full = Means(bubblewrap="", landlock=5, seccomp="")
    nothing = Means(bubblewrap="none", landlock=0, seccomp="none")
    found = iter([full, nothing])
    monkeypatch.setattr(grader.batch.cluster_worker, "means", lambda: next(found))

    with Cluster(dask.scheduler_address, data, unconfined=False) as cluster:
        assert 2 == cluster.num_slots
        assert 1 == len(cluster.workers_for(describing))
        assert "bubblewrap, Landlock (version 5)" in cluster.sandbox
        monkeypatch.setattr(Cluster, "workers_for", lambda self, _: frozenset(self._standings))
        with ClusterExecutor(cluster, lambda _key, _progress: None) as executor:
            futures = [executor.submit(perform, describing) for _ in range(2)]
            errors = [str(future.exception()) for future in futures]

    assert "Nothing would confine a student's file on this worker." in errors


@pytest.mark.usefixtures("workshop")
def test_no_workers_left(
    data: DataSet,
    describing: DescribeTask,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """When the last worker is gone the run ends, after a while, with what to do."""
    monkeypatch.setattr(grader.batch.cluster, "_LOST_SECONDS", 0.5)
    with (
        workers(1, tmp_path) as own,
        Cluster(own.scheduler_address, data, unconfined=True) as cluster,
        ClusterExecutor(cluster, lambda _key, _progress: None) as executor,
    ):
        own.scale(0)
        until(lambda: cluster.num_slots == 0)
        future = executor.submit(perform, describing)
        error = future.exception(timeout=30)

    assert isinstance(error, OutOfReachError)
    assert "the same command goes on" in str(error)


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("10.0.0.5", "no address of a scheduler"),
        ("tls://127.0.0.1:9", "asks for certificates"),
        ("tcp://no-such-machine.invalid:8786", "is not known here"),
        ("tcp://127.0.0.1:9", "No Dask scheduler answers at tcp://127.0.0.1:9"),
    ],
)
def test_wrong_address(
    data: DataSet, monkeypatch: pytest.MonkeyPatch, address: str, told: str
) -> None:
    """What is no scheduler's address is told, with what is wrong about it."""
    monkeypatch.setattr(grader.batch.cluster, "_CONNECT_SECONDS", 1)
    with pytest.raises(UsageError, match=told), Cluster(address, data, unconfined=True):
        pass
