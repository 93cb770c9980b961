"""Batch, step 4: which task is performed when, and again where it came to nothing."""

from __future__ import annotations

import heapq
import itertools
from collections import deque
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field

from grader.batch.bench import perform
from grader.batch.effort import effort
from grader.batch.events import Listener
from grader.batch.executor import BenchExecutor, OutOfReachError
from grader.batch.memory import Memory, outcome_of, was_crowded_out
from grader.batch.tasks import DescribeTask, Result, Task, TrainTask

MOST_ATTEMPTS = 3
_BEAT_SECONDS = 1.0
_BEFORE_ALL = -1


@dataclass(order=True)
class _Entry:
    """A task and its place in the queue: alone last, then by urgency, then the longest first."""

    alone: bool
    urgency: int
    shortness: float
    number: int
    task: Task = field(compare=False)
    failures: int = field(default=0, compare=False)


class Schedule:
    """Performs each task once, keeps its result, and gives it out.

    Few tasks are in the executor's hands at a time: files are described before anything is trained,
    so that hints come early and the trainings are known in number. A task whose process is lost is
    performed again, three times in all; a training that ran out of time or memory once more, with
    nothing beside it.
    """

    def __init__(self, executor: BenchExecutor, memory: Memory, listener: Listener) -> None:
        self._executor = executor
        self._memory = memory
        self._listener = listener
        self._queue: list[_Entry] = []
        self._numbers = itertools.count()
        self._in_hand: dict[Future[Result], _Entry] = {}
        self._ready: deque[tuple[Task, Result]] = deque()
        self._results: dict[str, Result] = {}
        self._under_way: set[str] = set()

    def add(self, task: Task) -> None:
        """Have this performed, unless its result is known; `results` gives it in either case.

        A task with the key of one that is still to be performed is not given a second time.
        """
        if task.key in self._under_way:
            return
        result = self._results.get(task.key) or self._memory.get(task)
        if result is not None:
            self._give(task, result)
            return
        self._under_way.add(task.key)
        self._listener.planned(task)
        entry = _Entry(False, self._urgency(task), -effort(task), next(self._numbers), task)  # noqa: FBT003 - the first in order
        heapq.heappush(self._queue, entry)

    def results(self) -> Iterator[tuple[Task, Result]]:
        """Tasks with their results, as they come, until all are done; more may be added meanwhile.

        Raises OutOfReachError where there is nobody left to perform them.
        """
        while self._ready or self._queue or self._in_hand:
            # What is ready may lead to a longer training than those that wait.
            self._hand_out(with_trainings=not self._ready)
            if self._ready:
                yield self._ready.popleft()
                continue
            finished, _ = wait(self._in_hand, _BEAT_SECONDS, FIRST_COMPLETED)
            self._listener.beat()
            for future in finished:
                self._settle(self._in_hand.pop(future), future)

    def _hand_out(self, *, with_trainings: bool) -> None:
        # At least one, so that its future can tell that there is nobody to perform it.
        room = max(1, self._executor.num_slots + self._executor.num_ahead)
        while self._queue and len(self._in_hand) < room:
            if any(entry.alone for entry in self._in_hand.values()):
                return
            first = self._queue[0]
            if first.alone and self._in_hand:
                return
            if isinstance(first.task, TrainTask) and not with_trainings:
                return
            entry = heapq.heappop(self._queue)
            self._listener.started(entry.task)
            self._in_hand[self._executor.submit(perform, entry.task)] = entry

    def _urgency(self, task: Task) -> int:
        if self._executor.describes_first and isinstance(task, DescribeTask):
            return _BEFORE_ALL
        return task.urgency

    def _settle(self, entry: _Entry, future: Future[Result]) -> None:
        task = entry.task
        try:
            result = future.result()
        except OutOfReachError:
            raise
        except Exception as error:  # noqa: BLE001 - one task that fails stops no other
            entry.failures += 1
            if entry.failures < MOST_ATTEMPTS:
                self._again(entry, str(error))
                return
            result = task.failed(str(error))
        if was_crowded_out(result) and not entry.alone:
            entry.alone = True
            self._again(entry, f"{outcome_of(result)}; once more, with nothing beside it")
            return
        self._memory.keep(task, result)
        self._under_way.remove(task.key)
        self._give(task, result)
        self._listener.done(task, result)

    def _again(self, entry: _Entry, reason: str) -> None:
        self._listener.retried(entry.task, reason)
        heapq.heappush(self._queue, entry)

    def _give(self, task: Task, result: Result) -> None:
        self._results[task.key] = result
        self._ready.append((task, result))
