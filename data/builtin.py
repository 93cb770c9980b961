"""Data: the built-in set of invented faces, drawn at first use and then kept in a folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from data.dataset import DataError, DataSet
from data.own_file import read_own_file, write_own_file

if TYPE_CHECKING:
    from data.faces.generate import Counts

CACHE_ENVIRONMENT = "GRADER_CACHE"
# To be raised with every change of the drawing, so that no set of an older one is taken from the
# cache.
DRAWING = 2


def cache_folder() -> Path:
    """Return the folder for what can be made again: GRADER_CACHE, else the user's cache folder."""
    import platformdirs

    chosen = os.environ.get(CACHE_ENVIRONMENT)
    return Path(chosen) if chosen else Path(platformdirs.user_cache_dir("eight-faces-grader"))


def load_invented(*, counts: Counts | None = None, progress: bool = True) -> DataSet:
    """Return the invented faces: from the cache folder if they lie there unharmed, else drawn.

    Two processes that draw at once write the same content, and each file appears in whole.
    """
    from data.faces.generate import Counts

    counts = counts or Counts()
    name = f"invented-faces-{DRAWING}-{counts.train}-{counts.valid}-{counts.test}.npz"
    path = cache_folder() / name
    if path.exists():
        try:
            return read_own_file(path)
        except DataError as error:
            _tell(f"{error} Drawing it again.")
    dataset = _draw(counts, path, progress=progress)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_own_file(dataset, path)
    except OSError as error:
        _tell(
            f"The drawn faces could not be kept in {path.parent} ({error.strerror}): they will "
            f"be drawn again next "
            f"time. The environment variable {CACHE_ENVIRONMENT} names another folder."
        )
    return dataset


def _draw(counts: Counts, path: Path, *, progress: bool) -> DataSet:
    from data.faces.generate import generate

    if not progress:
        return generate(counts=counts)
    title = f"Drawing {counts.pictures:,} invented faces, this once"
    with _progress_bar(title, counts.pictures, path) as advance:
        return generate(counts=counts, advance=advance)


@contextmanager
def _progress_bar(title: str, total: int, path: Path) -> Iterator[Callable[[], None]]:
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    if not console.is_terminal:
        _tell(f"{title} (about half a minute), into {path}")
        yield lambda: None
        return
    with Progress(console=console) as progress:
        task = progress.add_task(title, total=total)
        yield lambda: progress.advance(task)


def _tell(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()
