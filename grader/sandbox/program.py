"""Describe, outside: the command and the environment with which the inside is started."""

from __future__ import annotations

import os
import sys
from pathlib import Path

# The inside is loaded from `root`, and `server` then takes that folder off the path again. -S and
# -s: no .pth file puts the project's folder on the path and no sitecustomize runs; -P: nor does the
# current folder get there.
_BOOT = (
    "import sys; root, *packages = sys.argv[2:]; sys.path[:0] = [root]; sys.path += packages; "
    "from grader.sandbox import server; server.main(sys.argv[1], root)"
)
_SYSTEM_VARIABLES = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


def command(argument: str) -> list[str]:
    """The command line of the inside; `argument` is what `server.main` is told."""
    root = str(Path(__file__).resolve().parents[2])
    packages = [p for p in sys.path if Path(p).name in {"site-packages", "dist-packages"}]
    return [sys.executable, "-P", "-s", "-S", "-c", _BOOT, argument, root, *packages]


def environment(home: str) -> dict[str, str]:
    """The whole environment of the inside: what Python and TensorFlow need, and to print evenly."""
    system = {name: os.environ[name] for name in _SYSTEM_VARIABLES if name in os.environ}
    return system | {
        "HOME": home,
        "TMPDIR": home,
        "TEMP": home,
        "COLUMNS": "100",
        "TERM": "dumb",
        "NO_COLOR": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "",
        # A process with threads cannot be forked safely; OpenBLAS starts one on import unless told
        # not to.
        "OPENBLAS_NUM_THREADS": "1",
    }
