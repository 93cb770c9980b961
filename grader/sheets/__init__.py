"""Knowing: the exercise sheets, their parts and their reference tables."""

from grader.sheets.calibrations import calibrated_parts, calibration_file
from grader.sheets.courses import read_late_rule
from grader.sheets.finding import (
    exercises_folder,
    find_part,
    find_sheet,
    load_sheets,
    solution_file,
    stubs_of,
)
from grader.sheets.loading import load_sheet
from grader.sheets.own_data import load_own_data

__all__ = [
    "calibrated_parts",
    "calibration_file",
    "exercises_folder",
    "find_part",
    "find_sheet",
    "load_own_data",
    "load_sheet",
    "load_sheets",
    "read_late_rule",
    "solution_file",
    "stubs_of",
]
