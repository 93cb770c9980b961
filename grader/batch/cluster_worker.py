"""Batch, step 3 on a worker of a cluster: benches for its tasks, and whether it may take any."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import cast

from distributed import Worker, WorkerPlugin, get_worker

from data import DataError, load
from grader import __version__
from grader.batch.local import LocalExecutor
from grader.batch.tasks import DescribeTask, Result, Task, TrainTask
from grader.errors import EightFacesError, GraderError
from grader.records import Progress
from grader.sandbox.rungs import Rung, means, sentence
from grader.training.key import versions

# After so long without a task the processes of a worker end: whoever gave them may be gone.
_IDLE_SECONDS = 120.0
_ENDED = "The run that this task belongs to has ended."
# Below Dask's own loggers, so that it stands in the log of `dask worker`.
_log = logging.getLogger("distributed.worker.grader")


@dataclass(frozen=True)
class Demands:
    """What a run asks of its workers; `data_sha256` is None where nothing is trained.

    `unconfined` allows students' files to run where nothing confines them.
    """

    run: str
    software: Mapping[str, str]
    data_sha256: str | None
    unconfined: bool


@dataclass(frozen=True)
class Standing:
    """What a worker is for a run: it takes no tasks where there is `trouble`.

    `sandbox` is the sentence of what is in force for students' files.
    """

    num_slots: int
    sandbox: str = ""
    may_describe: bool = False
    trouble: str = ""


def software() -> dict[str, str]:
    """The versions that have to be the same on all machines of a run, by name.

    Raises GraderError where a package is not installed.
    """
    return {"grader": __version__, **versions(), "distributed": version("distributed")}


def difference(theirs: Mapping[str, str], ours: Mapping[str, str]) -> str:
    """What another machine has in place of our software, as part of a sentence; "" for nothing."""
    others = [name for name in ours if theirs.get(name) != ours[name]]
    return ", ".join(f"{name} {theirs.get(name)} (here {ours[name]})" for name in others)


class BenchPlugin(WorkerPlugin):
    """Sets a worker up for a run: data sets in its folder, a bench for each of its threads."""

    def __init__(self, demands: Demands, data: bytes, own_data: Mapping[str, bytes]) -> None:
        """`data` is the content of a file of `write_own_file`.

        `own_data` are those of files that parts bring, by their digests.
        """
        self.name = demands.run
        self._demands = demands
        self._data = data
        self._own_data = own_data
        self._place: _Place | None = None

    async def setup(self, worker: Worker) -> None:
        """Find out what the worker is; whoever gives out tasks asks for its standing."""
        self._place = await asyncio.to_thread(self._set_up, worker)
        if trouble := self._place.standing.trouble:
            _log.error("This worker takes no tasks of the grader: %s", trouble)

    async def teardown(self, worker: Worker) -> None:
        """End the processes, and with them what is under way."""
        del worker
        if self._place is not None:
            await asyncio.to_thread(self._place.close)

    @property
    def standing(self) -> Standing | None:
        """What this worker is; None while it is set up."""
        return None if self._place is None else self._place.standing

    def perform(self, call: Callable[[Task], Result], task: Task) -> Result:
        """What `call` gives for the task, at one of the benches; raises GraderError."""
        if self._place is None or self._place.standing.trouble:
            raise GraderError("This worker is not set up for tasks of the grader.")
        if isinstance(task, DescribeTask) and not self._place.standing.may_describe:
            raise GraderError("Nothing would confine a student's file on this worker.")
        try:
            return self._place.perform(call, task)
        except EightFacesError as error:
            # Only the sentence travels: what led to it may be known on this machine alone.
            raise type(error)(str(error)) from None

    def _set_up(self, worker: Worker) -> _Place:
        num_slots = worker.state.nthreads
        folder = Path(worker.local_directory)
        path = folder / f"{self.name}.npz"
        own = {sha256: folder / f"{self.name}-{sha256}" for sha256 in self._own_data}
        try:
            if other := difference(software(), self._demands.software):
                raise GraderError(f"It has {other}.")
            if self._demands.data_sha256 is not None:
                self._write_data(path)
            for sha256, place in own.items():
                place.write_bytes(self._own_data[sha256])
            found = means()
            may_describe = self._demands.unconfined or found.rung is not Rung.UNCONFINED
            standing = Standing(num_slots, sentence(found), may_describe)
        except (EightFacesError, DataError, OSError) as error:
            standing = Standing(num_slots, trouble=str(error))

        def report(key: str, progress: Progress) -> None:
            worker.log_event(self.name, {"key": key, "progress": asdict(progress)})

        return _Place(standing, path, own, report)

    def _write_data(self, path: Path) -> None:
        """Raises DataError, GraderError or OSError where the data set is not there afterwards."""
        path.write_bytes(self._data)
        found = load(path).sha256
        if found != self._demands.data_sha256:
            raise GraderError(
                f"The data set arrived with the digest {found[:12]} in place of "
                f"{str(self._demands.data_sha256)[:12]}."
            )


class _Place:
    """The benches of a worker; their processes end when there was nothing to do for a while."""

    def __init__(
        self,
        standing: Standing,
        data_path: Path,
        own_data: Mapping[str, Path],
        report: Callable[[str, Progress], None],
    ) -> None:
        self.standing = standing
        self._data_path = data_path
        self._own_data = own_data
        self._report = report
        self._lock = threading.Lock()
        self._executor: LocalExecutor | None = None
        self._num_tasks = 0
        self._timer: threading.Timer | None = None
        self._is_closed = False

    def perform(self, call: Callable[[Task], Result], task: Task) -> Result:
        """What `call` gives for the task, in a thread that has a bench."""
        with self._lock:
            if self._is_closed:
                raise GraderError(_ENDED)
            self._set_timer(None)
            if self._executor is None:
                num_slots = self.standing.num_slots
                self._executor = LocalExecutor(num_slots, self._data_path, self._report)
            future = self._executor.submit(call, self._here(task))
            self._num_tasks += 1
        try:
            return future.result()
        except CancelledError:
            raise GraderError(_ENDED) from None
        finally:
            with self._lock:
                self._num_tasks -= 1
                if not self._num_tasks and not self._is_closed:
                    self._set_timer(threading.Timer(_IDLE_SECONDS, self._rest))

    def close(self) -> None:
        """End the processes for good, and with them what is under way; data sets go, too."""
        with self._lock:
            self._is_closed = True
            self._set_timer(None)
            executor, self._executor = self._executor, None
        if executor is not None:
            executor.shutdown(wait=False, cancel_futures=True)
        for path in (self._data_path, *self._own_data.values()):
            path.unlink(missing_ok=True)

    def _here(self, task: Task) -> Task:
        """The task, with a part's own data set where it lies on this machine."""
        if not isinstance(task, TrainTask) or task.training.data is None:
            return task
        data = task.training.data
        here = replace(data, file=self._own_data[data.facts.sha256])
        return replace(task, training=replace(task.training, data=here))

    def _rest(self) -> None:
        with self._lock:
            if self._num_tasks:
                return
            executor, self._executor = self._executor, None
        if executor is not None:
            executor.shutdown()

    def _set_timer(self, timer: threading.Timer | None) -> None:
        """Replace the timer that waits."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = timer
        if timer is not None:
            timer.daemon = True
            timer.start()


def standing(run: str, dask_worker: Worker) -> Standing | None:
    """What the worker on which this is called is for the run; None while it is set up."""
    plugin = dask_worker.plugins.get(run)
    return cast("BenchPlugin", plugin).standing if plugin is not None else None


def perform_here(run: str, call: Callable[[Task], Result], task: Task) -> Result:
    """What `call` gives for the task, on the worker in whose thread this is called."""
    plugin = get_worker().plugins.get(run)
    if plugin is None:
        raise GraderError("This worker is not set up for tasks of the grader.")
    return cast("BenchPlugin", plugin).perform(call, task)
