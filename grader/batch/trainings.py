"""Batch: each distinct training once, several at a time, each on one thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Lock

from grader.batch.events import Listener
from grader.errors import EightFacesError, GraderError
from grader.records import History, Outcome, Progress, Splits, Training
from grader.training.cache import TrainingCache
from grader.training.key import training_key, versions
from grader.training.task import TrainingTask
from grader.training.worker import Worker

THREADS = 1


class Trainings:
    """Trains what it is asked for, and gives the same future for what has the same key.

    `num_workers` processes train side by side; each starts when it is first needed. What takes
    longer than its limit is trained once more, alone, and that result counts.
    """

    def __init__(
        self,
        num_workers: int,
        data_path: Path | None,
        cache: TrainingCache,
        listener: Listener,
        *,
        fresh: bool = False,
        threads: int = THREADS,
    ) -> None:
        """`fresh` looks for no kept results; each training takes so many `threads`."""
        self._workers: SimpleQueue[Worker] = SimpleQueue()
        self._all_workers = [Worker(threads, data_path) for _ in range(num_workers)]
        for worker in self._all_workers:
            self._workers.put(worker)
        self._executor = ThreadPoolExecutor(num_workers, thread_name_prefix="training")
        self._cache = cache
        self._listener = listener
        self._fresh = fresh
        self._versions = versions()
        self._futures: dict[str, Future[Training]] = {}
        # Held while a worker is taken, and as long as one trains alone.
        self._turn = Lock()
        self._is_closed = Event()

    def request(self, task: TrainingTask, title: str) -> Future[Training]:
        """The result of this training, now or later; `title` names it in the progress."""
        key = training_key(task, self._versions)
        if key not in self._futures:
            self._futures[key] = self._begin(key, task, title)
        return self._futures[key]

    def close(self) -> None:
        """Stop what is running; nothing is waited for."""
        self._is_closed.set()
        self._executor.shutdown(wait=False, cancel_futures=True)
        for worker in self._all_workers:
            worker.close()

    def _begin(self, key: str, task: TrainingTask, title: str) -> Future[Training]:
        known = None if self._fresh else self._cache.get(key)
        if known is not None:
            future: Future[Training] = Future()
            future.set_result(known)
            return future
        self._listener.training_planned(key, title)
        return self._executor.submit(self._train, key, task)

    def _train(self, key: str, task: TrainingTask) -> Training:
        def progressed(progress: Progress) -> None:
            self._listener.training_progressed(key, progress)

        try:
            training = self._attempt(key, task, progressed)
        finally:
            self._listener.training_done(key)
        self._cache.put(training)
        return training

    def _attempt(
        self, key: str, task: TrainingTask, on_progress: Callable[[Progress], None]
    ) -> Training:
        """The result of the training; it is timed_out only if it was that alone, too."""
        try:
            training = self._train_on(self._one_of_many(), task, on_progress)
            if training.outcome is Outcome.TIMED_OUT:
                training = self._train_on(self._one_alone(), task, on_progress)
        except EightFacesError as error:
            return not_trained(key, task, str(error))
        return training

    def _train_on(
        self,
        turn: AbstractContextManager[Worker],
        task: TrainingTask,
        on_progress: Callable[[Progress], None],
    ) -> Training:
        with turn as worker:
            # While this one waited for its turn, perhaps.
            if self._is_closed.is_set():
                raise GraderError("The trainings were ended before this one had begun.")
            return worker.train(task, on_progress)

    @contextmanager
    def _one_of_many(self) -> Iterator[Worker]:
        with self._turn:
            worker = self._workers.get()
        try:
            yield worker
        finally:
            self._workers.put(worker)

    @contextmanager
    def _one_alone(self) -> Iterator[Worker]:
        """A worker, once all others have finished what they do; none begins until it is done."""
        with self._turn:
            workers = [self._workers.get() for _ in self._all_workers]
            try:
                yield workers[0]
            finally:
                for worker in workers:
                    self._workers.put(worker)


def not_trained(key: str, task: TrainingTask, message: str) -> Training:
    """The result of a training that the grader could not do; never the student's fault."""
    unknown = Splits(None, None, None)
    return Training(
        key=key,
        outcome=Outcome.GRADER_ERROR,
        accuracy=unknown,
        loss=unknown,
        epochs=0,
        seconds=0.0,
        cpu_seconds=0.0,
        seed=task.protocol.seed,
        threads=task.threads,
        history=History(),
        message=message,
    )
