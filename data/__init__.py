"""The data sets of the exercises: `load` gives the built-in invented faces or a file's pictures."""

from __future__ import annotations

from data.builtin import cache_folder
from data.dataset import DataError, DataSet, digest, make_dataset
from data.load import load
from data.own_file import write_own_file

__all__ = [
    "DataError",
    "DataSet",
    "cache_folder",
    "digest",
    "load",
    "make_dataset",
    "write_own_file",
]
