"""Data: anyone's photographs become one file that `load` takes."""

from __future__ import annotations

from data.importing.assemble import Imported, LookAlikes
from data.importing.folder import import_folder
from data.importing.found import Skipped, Stage
from data.importing.report import write_report

__all__ = ["Imported", "LookAlikes", "Skipped", "Stage", "import_folder", "write_report"]
