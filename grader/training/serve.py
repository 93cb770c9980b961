"""Training, the worker's side: answers requests until the caller is gone.

Started by `grader.training.worker` as `python -m grader.training.serve`, with its threads and its
Keras settings already in the environment.
"""

from __future__ import annotations

import os
import pickle
import queue
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import BinaryIO

import data
from grader.errors import EightFacesError, GraderError, UsageError
from grader.training.prepare import PreparedData
from grader.training.wire import (
    MEMORY_RUNS_OUT,
    Failed,
    RebuildRequest,
    Reply,
    Request,
    TrainRequest,
    receive_request,
    send,
)

_WATCH_SECONDS = 0.25
_KIB_PER_MIB = 1024


def main(arguments: list[str]) -> None:
    """Serve requests from standard input, replies to standard output.

    `arguments` are the caller's process id, the memory limit in MiB, the number of threads and the
    path of the data set (empty: the default set).
    """
    parent, memory_mib, threads = (int(text) for text in arguments[:3])
    requests, replies = _take_pipes()
    inbox: queue.SimpleQueue[Request] = queue.SimpleQueue()
    for work in (lambda: _read(requests, inbox), lambda: _watch(parent, memory_mib)):
        threading.Thread(target=work, daemon=True).start()
    _limit_memory(memory_mib)
    try:
        server = _Server(threads, Path(arguments[3]) if arguments[3] else None, replies)
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


def _read(requests: BinaryIO, inbox: queue.SimpleQueue[Request]) -> None:
    """Take requests at once, also during a training, so that a caller that is gone ends it."""
    while True:
        try:
            inbox.put(receive_request(requests))
        except (EOFError, OSError, pickle.UnpicklingError):
            os._exit(0)


def _watch(parent: int, memory_mib: int) -> None:
    """End this process with the caller's, even where another process holds the pipe open.

    Notes in the log, once, that the memory limit is near.

    Linux' death signal (PR_SET_PDEATHSIG) would come when the *thread* ends that started this.
    """
    noted = False
    while os.getppid() == parent:
        if not noted and _data_mib() > memory_mib / 2:
            sys.stderr.write(f"{MEMORY_RUNS_OUT}\n")
            sys.stderr.flush()
            noted = True
        time.sleep(_WATCH_SECONDS)
    os._exit(0)


def _data_mib() -> float:
    """Memory of the kind that the limit counts; 0 where the system does not tell."""
    try:
        lines = Path("/proc/self/status").read_text("ascii").splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmData")) / _KIB_PER_MIB


def _limit_memory(memory_mib: int) -> None:
    if sys.platform == "win32":
        return
    import resource

    # Data, not address space: TensorFlow maps large files and reserves more than it uses.
    limit = memory_mib * _KIB_PER_MIB * 1024
    resource.setrlimit(resource.RLIMIT_DATA, (limit, resource.RLIM_INFINITY))


class _Server:
    """Holds what requests have in common: the data set, prepared at its first use."""

    def __init__(self, threads: int, data_path: Path | None, replies: BinaryIO) -> None:
        # Here, so that the pipes are watched while the seconds of this import pass.
        import tensorflow as tf

        from grader.training import rebuild, train

        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(threads)
        self._rebuild = rebuild.rebuild
        self._train = train.train
        self._data_path = data_path
        self._data: PreparedData | None = None
        self._replies = replies

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
        send(self._replies, reply)

    def _reply(self, request: Request) -> Reply:
        match request:
            case RebuildRequest(architecture):
                return self._rebuild(architecture)
            case TrainRequest(task):
                return self._train(task, self._prepared(), lambda p: send(self._replies, p))

    def _prepared(self) -> PreparedData:
        if self._data is None:
            self._data = PreparedData(data.load(self._data_path))
        return self._data


def _unexpected(error: Exception) -> GraderError:
    trace = "".join(traceback.format_exception(error)).strip()
    return GraderError(
        "The grader's worker process met something unexpected. This is not the student's fault; "
        f"please report it with these lines:\n{trace}"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
