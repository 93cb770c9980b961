"""Batch, step 3 on many machines: hands tasks to workers, and anew where those are lost."""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import distributed
from distributed.scheduler import KilledWorker

from grader.batch.bench import Report
from grader.batch.cluster import Cluster
from grader.batch.cluster_worker import perform_here
from grader.batch.executor import BenchExecutor, OutOfReachError
from grader.batch.tasks import Task
from grader.errors import GraderError

_WATCH_SECONDS = 1.0
# One more task for so many slots lies ready at the workers while this process is busy.
_SLOTS_PER_AHEAD = 4


@dataclass(eq=False)
class _InHand:
    """A task on its way; `remote` is None while there is no worker that may perform it."""

    task: Task
    call: Callable[[Task], Any]
    future: Future[Any] = field(default_factory=Future)
    workers: frozenset[str] = frozenset()
    remote: distributed.Future[Any] | None = None
    waits_since: float = 0.0


class ClusterExecutor(BenchExecutor):
    """Has tasks performed by the workers of a cluster.

    Dask knows a task by its key, so that two runs that need the same result share it, and gives a
    task of a lost worker to another one. Where none of those is left that it may give it to, it is
    handed out anew here.
    """

    def __init__(self, cluster: Cluster, report: Report) -> None:
        self._cluster = cluster
        cluster.hear(report)
        self._in_hand: set[_InHand] = set()
        self._num_handed_out: Counter[str] = Counter()
        self._lost: OutOfReachError | None = None
        self._lock = threading.RLock()
        self._is_closed = threading.Event()
        threading.Thread(target=self._watch, name="cluster", daemon=True).start()

    @property
    def num_slots(self) -> int:
        """As many as all workers of the moment perform side by side."""
        return self._cluster.num_slots

    @property
    def num_ahead(self) -> int:
        """A few, for the time in which results are kept and pages written."""
        return 1 + self.num_slots // _SLOTS_PER_AHEAD

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:  # noqa: ANN401 - as Executor has it
        """The future of `fn(task)`, called on a worker. Raises OutOfReachError."""
        (task,) = args
        item = _InHand(task, partial(fn, **kwargs))
        with self._lock:
            if self._is_closed.is_set():
                raise RuntimeError("cannot schedule new futures after shutdown")
            if self._lost is not None:
                raise self._lost
            self._in_hand.add(item)
            self._hand_out(item)
        return item.future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 - as Executor has it
        """Take no more tasks, and forget those under way unless `wait` is true."""
        del cancel_futures
        if wait:
            concurrent.futures.wait([item.future for item in list(self._in_hand)])
        self._is_closed.set()
        with self._lock:
            left, self._in_hand = self._in_hand, set()
        for item in left:
            item.future.cancel()
        remotes = [item.remote for item in left if item.remote is not None]
        if remotes and self._cluster.is_in_reach:
            self._cluster.client.cancel(remotes)

    def __exit__(self, *_: object) -> None:
        self.shutdown(wait=False)

    def _hand_out(self, item: _InHand) -> None:
        """Hand the task to the workers that may perform it; without any it waits for one.

        Raises OutOfReachError.
        """
        item.workers = self._cluster.workers_for(item.task)
        item.remote = None
        if not item.workers:
            item.waits_since = item.waits_since or time.monotonic()
            return
        item.waits_since = 0.0
        # Shared among runs that are alike. Under the key of an earlier attempt Dask may still hold
        # how that one ended.
        kind = f"{'unconfined-' * self._cluster.is_unconfined}{type(item.task).__name__}"
        name = f"{kind}-{item.task.key}"
        self._num_handed_out[name] += 1
        try:
            remote = self._cluster.client.submit(
                partial(perform_here, self._cluster.run, item.call, item.task),
                key=f"{name}-{self._num_handed_out[name]}",
                workers=sorted(item.workers),
            )
        except Exception as error:
            if self._cluster.is_in_reach:
                raise
            raise self._cluster.scheduler_lost() from error
        item.remote = remote
        self._cluster.loop.add_callback(self._follow, item, remote)

    async def _follow(self, item: _InHand, remote: distributed.Future[Any]) -> None:
        """Bring the result over, in the thread of the connection."""
        try:
            result = await self._cluster.client.gather(remote, asynchronous=True)
        except KilledWorker as error:
            failure: BaseException = GraderError(f"Too many workers were lost with it ({error}).")
        except BaseException as error:  # noqa: BLE001 - a cancelled task, too
            is_cancelled = isinstance(
                error, (asyncio.CancelledError, concurrent.futures.CancelledError)
            )
            is_lost = is_cancelled or not self._cluster.is_in_reach
            failure = self._cluster.scheduler_lost() if is_lost else error
        else:
            if self._takes_back(item, remote):
                item.future.set_result(result)
            return
        if self._takes_back(item, remote):
            item.future.set_exception(failure)

    def _takes_back(self, item: _InHand, remote: distributed.Future[Any]) -> bool:
        """Whether this is what the task still waits for; then it is in hand no more."""
        with self._lock:
            if item not in self._in_hand or item.remote is not remote:
                return False
            self._in_hand.remove(item)
            return True

    def _watch(self) -> None:
        """Follow the workers, until the end or until there is nobody left."""
        while not self._is_closed.wait(_WATCH_SECONDS):
            try:
                self._cluster.look()
                self._hand_out_anew()
            except OutOfReachError as error:
                self._give_up(error)
                return

    def _hand_out_anew(self) -> None:
        """What was handed to workers that are all gone; raises OutOfReachError after long."""
        with self._lock:
            for item in self._in_hand:
                if item.workers.isdisjoint(self._cluster.workers_for(item.task)):
                    self._hand_out(item)
                if item.waits_since:
                    self._cluster.require_recent(item.waits_since)

    def _give_up(self, error: OutOfReachError) -> None:
        with self._lock:
            self._lost = error
            left, self._in_hand = self._in_hand, set()
        for item in left:
            item.future.set_exception(error)
