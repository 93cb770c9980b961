"""Face of the program: the data set that was asked for."""

from __future__ import annotations

from pathlib import Path

from data import DataError, DataSet, load
from grader.errors import UsageError


def load_data(path: Path | None) -> DataSet:
    """The data set, as by `data.load`; one that cannot be used is a wrong call (UsageError)."""
    try:
        return load(path)
    except DataError as error:
        raise UsageError(str(error)) from error
