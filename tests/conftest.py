"""What holds for all tests: where they are not looked for, and how property tests run."""

from __future__ import annotations

import os

from hypothesis import settings

# What students handed in, conftest.py and test files of their own among it, is never run here.
collect_ignore = ["submissions"]

# No time limits on shared machines; on CI the same examples every time.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "here")
