"""Data: the built-in set of invented faces, as it ships and drawn again."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from data.dataset import DataError, DataSet
from data.own_file import read_own_file

CACHE_ENVIRONMENT = "GRADER_CACHE"
SHIPPED = Path(__file__).with_name("invented_faces.npz")
# `data.digest` of the pictures in the file that ships.
SHIPPED_SHA256 = "2ade109e790572e78c0e1c8572020703bf325f502e3eabaf0cb27e631389157a"
MEND = "It is the built-in set: install the grader again, or fetch the file again (git checkout)."


def cache_folder() -> Path:
    """Return the folder for what can be made again: GRADER_CACHE, else the user's cache folder."""
    import platformdirs

    chosen = os.environ.get(CACHE_ENVIRONMENT)
    return Path(chosen) if chosen else Path(platformdirs.user_cache_dir("eight-faces-grader"))


def load_invented() -> DataSet:
    """Return the invented faces that ship; raises `DataError` where their file is damaged."""
    try:
        dataset = read_own_file(SHIPPED)
    except DataError as error:
        raise DataError(f"{error} {MEND}") from error
    if dataset.sha256 != SHIPPED_SHA256:
        raise DataError(
            f"{SHIPPED}: found pictures with the digest {dataset.sha256[:12]}, expected "
            f"{SHIPPED_SHA256[:12]}. {MEND}"
        )
    return dataset


def draw_again(advance: Callable[[], None] = lambda: None) -> DataSet:
    """Return the full set of invented faces, drawn now; `advance` is called after each picture."""
    from data.faces.generate import generate

    return generate(advance=advance)
