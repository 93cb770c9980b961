"""The data sets of the exercises: `load` gives the built-in invented faces or a file's pictures.

`read_part_file` gives what a part brings itself.
"""

from __future__ import annotations

from data.builtin import cache_folder
from data.dataset import DataError, DataSet, digest, make_dataset
from data.load import load
from data.own_file import write_own_file
from data.part_file import Outline, read_outline, read_part_file

__all__ = [
    "DataError",
    "DataSet",
    "Outline",
    "cache_folder",
    "digest",
    "load",
    "make_dataset",
    "read_outline",
    "read_part_file",
    "write_own_file",
]
