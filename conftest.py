"""Lets pytest grade the parts in exercises/ and solutions/."""

pytest_plugins = ["grader.pytest_plugin"]
