"""Knowing: the exercise sheets, their parts and their reference tables."""

from grader.sheets.finding import exercises_folder, find_part, load_sheets
from grader.sheets.loading import load_sheet

__all__ = ["exercises_folder", "find_part", "load_sheet", "load_sheets"]
