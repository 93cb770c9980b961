"""What holds for all tests: where they are not looked for, their order, how property tests run."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

# What students handed in, conftest.py and test files of their own among it, is never run here.
collect_ignore = ["submissions"]

# No time limits on shared machines; on CI the same examples every time.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "here")


# Before those that are not asked for are left out, so that the order is always the same.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Slow files come first, those in this folder before all: no worker is left with a long one."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: (item.path not in slow, len(item.path.parts)))
