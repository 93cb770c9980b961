"""Face of the program: what options mean when they are not given."""

from __future__ import annotations

import os
import sys


def default_num_workers() -> int:
    """One training per processor core that this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
