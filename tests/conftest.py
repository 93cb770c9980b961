"""What holds for all tests: where they are not looked for, their order, golden files."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

# What students handed in, conftest.py and test files of their own among it, is never run here.
collect_ignore = ["submissions"]

# No time limits on shared machines; on CI the same examples every time.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "here")


def pytest_addoption(parser: pytest.Parser) -> None:
    """The switch that takes what comes out for what is expected."""
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew")


@pytest.fixture
def golden(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str, bytes], None]:
    """Compares bytes with a file in the folder golden/ beside the test.

    Where they differ, what came out is kept to look at, or with --update-golden put in its place.
    """

    def compare(name: str, actual: bytes) -> None:
        expected = request.path.parent / "golden" / name
        if expected.exists() and expected.read_bytes() == actual:
            return
        if request.config.getoption("--update-golden"):
            expected.write_bytes(actual)
            return
        (tmp_path / name).write_bytes(actual)
        pytest.fail(f"{expected} is another than {tmp_path / name}; --update-golden takes it over")

    return compare


# Before those that are not asked for are left out, so that the order is always the same.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Slow files come first, those in this folder before all: no worker is left with a long one."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: (item.path not in slow, len(item.path.parts)))
