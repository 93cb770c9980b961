"""Describe, outside: the command and the environment with which the inside is started."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

# The inside is loaded from `root`, and `server` then takes that folder off the path again. -S and
# -s: no .pth file puts the project's folder on the path and no sitecustomize runs; -P: nor does the
# current folder get there. What imports make is there to stay: to look through all of it for
# garbage, again and again while it grows, would take a quarter of the time. `server` has it again.
_BOOT = (
    "import gc, sys; gc.disable(); "
    "root, *packages = sys.argv[2:]; sys.path[:0] = [root]; sys.path += packages; "
    "from grader.sandbox import server; server.main(sys.argv[1], root)"
)
_SYSTEM_VARIABLES = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
ROOT = Path(__file__).resolve().parents[2]
# Of the project the inside imports these alone.
INSIDE = tuple(ROOT / "grader" / name for name in ("__init__.py", "records", "sandbox"))
_SYSTEM_LIBRARIES = ("/usr/lib", "/usr/lib64", "/lib", "/lib64", "/etc/ld.so.cache")


def command(argument: str) -> list[str]:
    """The command line of the inside; `argument` is what `server.main` is told."""
    return [_python(), "-P", "-s", "-S", "-c", _BOOT, argument, str(ROOT), *_packages()]


def environment(home: str) -> dict[str, str]:
    """The whole environment of the inside: what Python and TensorFlow need, and to print evenly."""
    system = {name: os.environ[name] for name in _SYSTEM_VARIABLES if name in os.environ}
    if sys.platform == "linux" and list(_python_libraries().glob("libpython*.so*")):
        # Else a Python in a home folder may be given the system's library of the same name.
        system["LD_LIBRARY_PATH"] = str(_python_libraries())
    return system | {
        "HOME": home,
        "TMPDIR": home,
        "TEMP": home,
        "MPLCONFIGDIR": home,
        "MPLBACKEND": "agg",
        "COLUMNS": "100",
        "TERM": "dumb",
        "NO_COLOR": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "",
        # On a machine with many cores TensorFlow would start more threads than there may be.
        "TF_NUM_INTRAOP_THREADS": "2",
        "TF_NUM_INTEROP_THREADS": "2",
        "OMP_NUM_THREADS": "1",
        # A process with threads cannot be forked safely; OpenBLAS starts one on import unless told
        # not to.
        "OPENBLAS_NUM_THREADS": "1",
    }


def readable() -> list[str]:
    """Files and folders that a student's process needs: Python, its packages, system libraries.

    The project is not among them, wherever it is installed.
    """
    wanted = [*_SYSTEM_LIBRARIES, _python(), str(_python_libraries()), *_packages()]
    # Installed as a package, the project lies among the others.
    is_package = ROOT in {Path(folder).resolve() for folder in _packages()}
    own = [ROOT / "grader", ROOT / "data"] if is_package else [ROOT]
    found = [path for name in wanted for path in _without(Path(name), own)]
    return [str(path) for path in dict.fromkeys(found) if path.exists()]


def _without(path: Path, hidden: Iterable[Path]) -> Iterator[Path]:
    """The path itself, or what it holds but for those hidden."""
    real = path.resolve()
    if not any(real == one or real in one.parents for one in hidden):
        yield path
    elif real not in hidden:
        for child in path.iterdir():
            yield from _without(child, hidden)


def _python() -> str:
    # The file itself on Linux: the links to it are not in the sandbox.
    return os.path.realpath(sys.executable) if sys.platform == "linux" else sys.executable


def _python_libraries() -> Path:
    return Path(_python()).parents[1] / "lib"


def _packages() -> list[str]:
    return [path for path in sys.path if Path(path).name in {"site-packages", "dist-packages"}]
