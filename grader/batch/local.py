"""Batch, step 3 on this machine: slots side by side, each with processes of its own.

docs/decisions/007-slots-and-their-schedule.md says why this is no ProcessPoolExecutor.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from queue import LifoQueue
from typing import ParamSpec, TypeVar

from grader.batch.bench import Bench, Report, at_bench
from grader.batch.executor import BenchExecutor
from grader.batch.tasks import THREADS

_Parameters = ParamSpec("_Parameters")
_Given = TypeVar("_Given")


class LocalExecutor(BenchExecutor):
    """So many slots on this machine; a process that is lost is replaced by the next task."""

    def __init__(
        self,
        num_slots: int,
        data_path: Path | None,
        report: Report,
        threads: int = THREADS,
        *,
        is_tight: bool = False,
    ) -> None:
        """`data_path` is as for `data.load`; each training takes so many `threads`."""
        self._is_tight = is_tight
        self._benches = [
            Bench(data_path, report, threads, is_tight=is_tight) for _ in range(num_slots)
        ]
        # The bench used last comes first: its processes have started.
        self._free: LifoQueue[Bench] = LifoQueue()
        for bench in self._benches:
            self._free.put(bench)
        self._threads = ThreadPoolExecutor(num_slots, thread_name_prefix="bench")

    @property
    def num_slots(self) -> int:
        """As many as it was made with."""
        return len(self._benches)

    @property
    def describes_first(self) -> bool:
        """Where memory is tight."""
        return self._is_tight

    def submit(
        self,
        fn: Callable[_Parameters, _Given],
        /,
        *args: _Parameters.args,
        **kwargs: _Parameters.kwargs,
    ) -> Future[_Given]:
        """The future of `fn(*args, **kwargs)`, called in a thread that has a bench."""

        def call() -> _Given:
            bench = self._free.get()
            try:
                with at_bench(bench):
                    return fn(*args, **kwargs)
            finally:
                self._free.put(bench)

        return self._threads.submit(call)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 - as Executor has it
        """End all processes, after the tasks under way where `wait` is true."""
        self._threads.shutdown(wait=wait, cancel_futures=cancel_futures)
        for bench in self._benches:
            bench.close()

    def __exit__(self, *_: object) -> None:
        self.shutdown(wait=False, cancel_futures=True)
