"""Face of the program: Ctrl-C, and signals that ask the program to end, become an exception."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

# Not every system has each of them. Where one is ignored, as under nohup, it stays so.
_ASKING = ("SIGTERM", "SIGHUP")


class Stopped(KeyboardInterrupt):
    """The program was asked to end; `code` is what it then ends with."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.code = 128 + number


@contextmanager
def stoppable() -> Iterator[None]:
    """Inside, Ctrl-C and SIGTERM raise Stopped, once: what is left in order then takes a moment."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, _frame: FrameType | None) -> None:
        for other in before:
            signal.signal(other, signal.SIG_IGN)
        raise Stopped(number)

    numbers = [signal.SIGINT, *(getattr(signal, name) for name in _ASKING if hasattr(signal, name))]
    before = {number: signal.getsignal(number) for number in numbers}
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:
            signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
