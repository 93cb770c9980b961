"""Packages: the grader with its sheets, ready to run where others run it."""
