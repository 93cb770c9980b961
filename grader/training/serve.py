"""Training, the worker's side: answers requests until the caller is gone.

Started by `grader.training.worker` as `python -m grader.training.serve`, with its threads and its
Keras settings already in the environment.
"""

from __future__ import annotations

import functools
import gc
import os
import pickle
import queue
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import data
from grader.errors import EightFacesError, GraderError, UsageError
from grader.training.limits import cpu_limit_seconds, cpu_limited
from grader.training.prepare import PreparedData
from grader.training.scratch import remove
from grader.training.task import TrainingTask
from grader.training.wire import (
    MEMORY_RUNS_OUT,
    Begun,
    Failed,
    Ready,
    RebuildRequest,
    Reply,
    Request,
    TrainRequest,
    Working,
    receive_request,
    send,
)

_WATCH_SECONDS = 0.25
_TOLD_CPU_SECONDS = 1.0
_KIB_PER_MIB = 1024


def main(arguments: list[str]) -> None:
    """Serve requests from standard input, replies to standard output.

    `arguments` are the caller's process id, the memory limit in MiB, the number of threads, the
    folder for temporary files and the path of the data set (empty: the default set).
    """
    parent, memory_mib, threads = (int(text) for text in arguments[:3])
    orphaned = functools.partial(_leave, Path(arguments[3]))
    data_path = Path(arguments[4]) if arguments[4] else None
    requests, replies = _take_pipes()
    inbox: queue.SimpleQueue[Request] = queue.SimpleQueue()
    outbox = _Outbox(replies, orphaned)
    for work in (
        lambda: _read(requests, inbox, orphaned),
        lambda: _watch(parent, memory_mib, outbox, orphaned),
    ):
        threading.Thread(target=work, daemon=True).start()
    _limit(memory_mib)
    try:
        server = _Server(threads, data_path, outbox)
        while True:
            server.answer(inbox.get())
    except BaseException:  # noqa: BLE001 - a caller that is gone, too: there is no one to tell
        traceback.print_exc()
    finally:
        # Not by returning: TensorFlow's threads can hold up the end of the interpreter for good.
        sys.stderr.flush()
        os._exit(1)


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """The caller's pipes, out of reach of what prints or reads in this process."""
    requests = os.fdopen(os.dup(0), "rb")
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return requests, replies


class _Outbox:
    """Where this process speaks to its caller, from several threads; ends it where none is left."""

    def __init__(self, replies: BinaryIO, orphaned: Callable[[], None]) -> None:
        self._replies = replies
        self._orphaned = orphaned
        self._lock = threading.Lock()

    def send(self, reply: Reply) -> None:
        with self._lock:
            try:
                send(self._replies, reply)
            except OSError:
                self._orphaned()


def _leave(scratch: Path) -> None:
    """End this process, whose caller is gone and removes nothing any more."""
    remove(scratch)
    os._exit(0)


def _read(
    requests: BinaryIO, inbox: queue.SimpleQueue[Request], orphaned: Callable[[], None]
) -> None:
    """Take requests at once, also during a training, so that a caller that is gone ends it."""
    while True:
        try:
            inbox.put(receive_request(requests))
        except (EOFError, OSError, pickle.UnpicklingError):
            orphaned()


def _watch(parent: int, memory_mib: int, outbox: _Outbox, orphaned: Callable[[], None]) -> None:
    """End this process with the caller's, even where another process holds the pipe open.

    Tells the caller of each further second of computing. Notes in the log, once, that the memory
    limit is near.

    Linux' death signal (PR_SET_PDEATHSIG) would come when the *thread* ends that started this.
    """
    noted, told_cpu = False, time.process_time()
    while os.getppid() == parent:
        if not noted and _data_mib() > memory_mib / 2:
            sys.stderr.write(f"{MEMORY_RUNS_OUT}\n")
            sys.stderr.flush()
            noted = True
        # Much more than this loop takes in the time after which a silent worker counts as stuck.
        if time.process_time() >= told_cpu + _TOLD_CPU_SECONDS:
            told_cpu = time.process_time()
            outbox.send(Working())
        time.sleep(_WATCH_SECONDS)
    orphaned()


def _data_mib() -> float:
    """Memory of the kind that the limit counts; 0 where the system does not tell."""
    try:
        lines = Path("/proc/self/status").read_text("ascii").splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmData")) / _KIB_PER_MIB


def _limit(memory_mib: int) -> None:
    if sys.platform == "win32":
        return
    import resource

    # Data, not address space: TensorFlow maps large files and reserves more than it uses.
    limit = memory_mib * _KIB_PER_MIB * 1024
    resource.setrlimit(resource.RLIMIT_DATA, (limit, resource.RLIM_INFINITY))
    # A process that is ended at a limit would leave an image of its memory otherwise.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class _Server:
    """Holds what requests have in common: data sets and the machine's speed, at first use."""

    def __init__(self, threads: int, data_path: Path | None, outbox: _Outbox) -> None:
        # What imports make is there to stay: to look through all of it for garbage, again and again
        # while it grows, would take a quarter of the time. Nor is it looked through afterwards.
        gc.disable()
        # Here, so that the pipes are watched while the seconds of this import pass.
        import tensorflow as tf

        from grader.training import forget, rebuild, speed, train

        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(threads)
        self._rebuild = rebuild.rebuild
        self._train = train.train
        self._forget = forget.forget
        self._measure_slowness = speed.slowness
        self._data_path = data_path
        # By digest and scaling.
        self._prepared: dict[tuple[str, str], PreparedData] = {}
        self._outbox = outbox
        gc.freeze()
        gc.enable()
        outbox.send(Ready())

    def answer(self, request: Request) -> None:
        """Send the reply to one request, after its progress."""
        try:
            reply = self._reply(request)
        except data.DataError as error:
            reply = Failed(UsageError(str(error)))
        except EightFacesError as error:
            reply = Failed(error)
        except Exception as error:  # noqa: BLE001 - whatever it is, the caller has to hear of it
            reply = Failed(_unexpected(error))
        self._outbox.send(reply)
        # While the caller makes something of the reply.
        self._forget()

    def _reply(self, request: Request) -> Reply:
        match request:
            case RebuildRequest(architecture, cpu_seconds):
                with cpu_limited(cpu_seconds):
                    return self._rebuild(architecture)
            case TrainRequest(task, spare_cpu_seconds):
                limit = cpu_limit_seconds(task, self._slowness)
                prepared = self._data_for(task)
                self._outbox.send(Begun(limit))
                with cpu_limited(2 * limit + spare_cpu_seconds):
                    return self._train(task, prepared, limit, self._outbox.send)

    def _data_for(self, task: TrainingTask) -> PreparedData:
        """The task's data set, read once however many trainings use it."""
        key = (task.data_sha256, task.protocol.scaling)
        if key not in self._prepared:
            own = task.data
            found = data.read_part_file(own.file) if own else data.load(self._data_path)
            self._prepared[key] = PreparedData(found, task.protocol.scaling)
        return self._prepared[key]

    @functools.cached_property
    def _slowness(self) -> float:
        return self._measure_slowness()


def _unexpected(error: Exception) -> GraderError:
    trace = "".join(traceback.format_exception(error)).strip()
    return GraderError(
        "The grader's worker process met something unexpected. This is not the student's fault; "
        f"please report it with these lines:\n{trace}"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
