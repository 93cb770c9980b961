"""The grader of the 8 faces exercises, from a student's files to pages and points."""

__version__ = "0.1.0"
