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
from grader.errors import UsageError
from grader.training.prepare import PreparedData
from grader.training.wire import (
    Failed,
    RebuildRequest,
    Reply,
    Request,
    TrainRequest,
    receive_request,
    send,
)

_PARENT_CHECK_SECONDS = 1.0


def main(arguments: list[str]) -> None:
    """Serve requests from standard input, replies to standard output.

    `arguments` are the caller's process id, the memory limit in MiB, the number of threads and the
    path of the data set (empty: the default set).
    """
    parent, memory_mib, threads = (int(text) for text in arguments[:3])
    requests, replies = _take_pipes()
    inbox: queue.SimpleQueue[Request] = queue.SimpleQueue()
    for work in (lambda: _read(requests, inbox), lambda: _leave_without(parent)):
        threading.Thread(target=work, daemon=True).start()
    _limit_memory(memory_mib)
    server = _Server(threads, Path(arguments[3]) if arguments[3] else None, replies)
    while True:
        server.answer(inbox.get())


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


def _leave_without(parent: int) -> None:
    """End this process with the caller's, even where another process holds the pipe open.

    Linux' death signal (PR_SET_PDEATHSIG) would come when the *thread* ends that started this.
    """
    while os.getppid() == parent:
        time.sleep(_PARENT_CHECK_SECONDS)
    os._exit(0)


def _limit_memory(memory_mib: int) -> None:
    if sys.platform == "win32":
        return
    import resource

    # Data, not address space: TensorFlow maps large files and reserves more than it uses.
    limit = memory_mib * 1024 * 1024
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
        except UsageError as error:
            reply = Failed(str(error), usage=True)
        except Exception:  # noqa: BLE001 - whatever it is, the caller has to hear of it
            reply = Failed(traceback.format_exc(), usage=False)
        send(self._replies, reply)

    def _reply(self, request: Request) -> Reply:
        match request:
            case RebuildRequest(architecture):
                return self._rebuild(architecture)
            case TrainRequest(task):
                return self._train(task, self._prepared(), lambda p: send(self._replies, p))

    def _prepared(self) -> PreparedData:
        if self._data is None:
            self._data = PreparedData(data.load(self._data_path, progress=False))
        return self._data


if __name__ == "__main__":
    main(sys.argv[1:])
