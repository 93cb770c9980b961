"""Ctrl-C for processes that tests start."""

from __future__ import annotations

import signal


def take_ctrl_c() -> None:
    """Called in a new process: the tests may run where Ctrl-C is ignored, and hand that on."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
